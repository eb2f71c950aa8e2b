import { getDataSourceToken } from '@nestjs/typeorm';
import { DataSource, QueryRunner } from 'typeorm';
import { startTestService, TestService } from '../service/test-service.js';

const CLAIM_LOCKS = [7_201_001, 7_201_002];

describe('a process that stands still in the middle of its claims', () => {
  let service: TestService;
  let stuck: QueryRunner;

  beforeAll(async () => {
    service = await startTestService();
    stuck = service.app.get<DataSource>(getDataSourceToken(), { strict: false }).createQueryRunner();
    await stuck.startTransaction();
    for (const lock of CLAIM_LOCKS) await stuck.query('SELECT pg_advisory_xact_lock($1)', [lock]);
  });

  afterAll(async () => {
    await stuck.release();
    await service.close();
  });

  it('does not keep the others from theirs for longer than ten seconds', async () => {
    const asked = Date.now();
    expect(await service.api.ended(await service.api.generate({ count: 2 }))).toBe('COMPLETED');
    expect(Date.now() - asked).toBeLessThan(10_000);
  });

  it('learns at its next statement that its transaction is gone', async () => {
    await expect(stuck.query('SELECT 1')).rejects.toThrow(/Connection terminated|not queryable|already released/);
  });
});
