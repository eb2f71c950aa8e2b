const FOLLOW = `subscription ($batchId: ID!, $after: Int!) {
  imageStatusChanged(batchId: $batchId, after: $after) { number position index status url error { message } }
}`;
/** Close codes that say that coming back is of no use: the request was wrong, or not allowed. */
const FOR_GOOD = [4400, 4401, 4403, 4406];

/**
 * Follows a batch with nothing but the browser's own WebSocket, in the protocol graphql-transport-ws: calls `onEvent` for each event once and in
 * order, and resolves when the batch has ended. A connection that is lost is made again, and goes on behind the last event.
 */
export async function followBatch(url, batchId, onEvent) {
  let after = 0;
  for (let pause = 250; ; pause = Math.min(2 * pause, 4_000)) {
    const seen = after;
    const hasEnded = await once(url, { batchId, after }, (event) => {
      after = event.number;
      onEvent(event);
    });
    if (hasEnded) return;
    if (after > seen) pause = 250;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** One connection: true when the subscription has completed, false when the connection was lost before. */
function once(url, variables, onEvent) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    const send = (message) => socket.send(JSON.stringify(message));
    const end = (settle) => {
      settle();
      socket.close(1000);
    };
    socket.addEventListener('open', () => send({ type: 'connection_init' }));
    socket.addEventListener('close', ({ code, reason }) => (FOR_GOOD.includes(code) ? reject(new Error(reason)) : resolve(false)));
    socket.addEventListener('message', ({ data }) => {
      const { type, payload } = JSON.parse(data);
      if (type === 'connection_ack') send({ id: '1', type: 'subscribe', payload: { query: FOLLOW, variables } });
      if (type === 'ping') send({ type: 'pong' });
      if (type === 'next') onEvent(payload.data.imageStatusChanged);
      if (type === 'complete') end(() => resolve(true));
      if (type === 'error') end(() => reject(new Error(payload[0].message)));
    });
  });
}
