import { readServerLog } from '../../chaos/server-log.js';

it('reads the runs of a server that was killed: what it never said to have ended, and a line that was cut short', () => {
  const text = [
    '{"at":1,"started":"a"}',
    '{"at":2,"fault":"loseReplies","request":"/prompt? {}"}',
    '{"at":3,"ended":"a","startedAt":1,"endedAt":3,"outcome":"success","fingerprints":["f"]}',
    '{"at":4,"started":"b"}',
    '{"at":5,"ended":"b","sta',
  ].join('\n');
  expect(readServerLog('comfyui-1', text)).toEqual({
    runs: [
      { server: 'comfyui-1', promptId: 'a', startedAt: 1, endedAt: 3, outcome: 'success', fingerprints: ['f'] },
      { server: 'comfyui-1', promptId: 'b', startedAt: 4, endedAt: null, outcome: 'killed', fingerprints: [] },
    ],
    faults: [{ server: 'comfyui-1', name: 'loseReplies', at: 2, request: '/prompt? {}' }],
  });
});
