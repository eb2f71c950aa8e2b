import { setTimeout as pause } from 'node:timers/promises';
import { AssetStorage, StorageBusyError } from '../upload/asset-storage.js';
import { PatientStorage } from './patient-storage.js';

jest.mock('node:timers/promises', () => ({ setTimeout: jest.fn(async () => undefined) }));

const DAY = 86_400_000;

describe('patience with storage', () => {
  it('asks again after an hour, however far away the moment is that storage names', async () => {
    const busy = new StorageBusyError('busy', new Date(Date.now() + 100 * DAY));
    const list = jest.fn().mockRejectedValueOnce(busy).mockResolvedValue({ assets: [], cursor: null });
    const patience = { signal: new AbortController().signal, onWait: jest.fn(), onTrouble: jest.fn() };

    await new PatientStorage({ list } as unknown as AssetStorage).list('a/', null, patience);

    const [[wait]] = jest.mocked(pause).mock.calls;
    expect(wait).toBeGreaterThanOrEqual(3_600_000);
    expect(wait).toBeLessThanOrEqual(3_601_000);
    expect(patience.onWait).toHaveBeenCalledWith(busy.retryAt);
  });
});
