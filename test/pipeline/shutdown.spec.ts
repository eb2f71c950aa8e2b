import { startTestService, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';
import { untilCounts } from './until.js';

const COUNT = 6;

describe('a service that is stopped while pictures are being made', () => {
  let service: TestService;

  afterEach(() => service.close());

  async function stopInTheMiddle(settings: Record<string, string>): Promise<{ id: string; took: number }> {
    service = await startTestService(settings);
    const id = await service.api.generate({ count: COUNT });
    await untilCounts(service.api, id, { generating: 2, queued: COUNT - 2 });
    const before = performance.now();
    await service.stop();
    return { id, took: performance.now() - before };
  }

  async function goOn(id: string): Promise<void> {
    const second = await service.another({ DEMO_TIME: '0ms' });
    expect(await second.api.ended(id)).toBe('COMPLETED');
    expect(await ledgerFaults(service.database)).toEqual([]);
    const rows = await service.database.query(`SELECT index FROM image WHERE status = 'UPLOADED' ORDER BY index`);
    expect(rows.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
  }

  it('finishes what is in flight when there is time, begins nothing more, and another goes on', async () => {
    const { id } = await stopInTheMiddle({ DEMO_TIME: '1s' });
    const rows = await service.database.query('SELECT position, status FROM image WHERE generation_attempts > 0 ORDER BY position');
    expect(rows.map(({ position }) => position)).toEqual([1, 2]);
    expect(rows.every(({ status }) => ['GENERATED', 'UPLOADED'].includes(status))).toBe(true);
    await goOn(id);
    expect(await service.database.query('SELECT id FROM image WHERE generation_attempts <> 1')).toEqual([]);
  });

  it('hands back within SHUTDOWN_TIMEOUT what it cannot finish, and that counts as no failure', async () => {
    const { id, took } = await stopInTheMiddle({ DEMO_TIME: '1m', SHUTDOWN_TIMEOUT: '500ms' });
    expect(took).toBeLessThan(10_000);
    const rows = await service.database.query('SELECT DISTINCT status, owner, lost_claims, failing_since, error FROM image');
    expect(rows).toEqual([{ status: 'QUEUED', owner: null, lost_claims: 0, failing_since: null, error: null }]);
    await goOn(id);
  });
});
