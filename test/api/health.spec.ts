import { startTestService, TestService } from '../service/test-service.js';

describe('health', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  it.each(['live', 'ready'])('says that it is %s', async (what) => {
    const response = await fetch(`${service.url}/health/${what}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });
});
