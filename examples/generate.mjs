// Asks a Filmroll service for a batch, follows it to its end and prints where the pictures are.
// Elsewhere: npm install graphql-ws ws, then node generate.mjs "at the lighthouse, dusk"
// FILMROLL_URL says where the service is, FILMROLL_TOKEN lets you in where it asks for a token.
import { createClient } from 'graphql-ws';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

const { FILMROLL_URL = 'http://127.0.0.1:3000', FILMROLL_TOKEN } = process.env;
const authorization = FILMROLL_TOKEN ? { authorization: `Bearer ${FILMROLL_TOKEN}` } : {};
const [prompt = 'at the lighthouse, dusk', count = '4'] = process.argv.slice(2);

const GENERATE = `mutation ($input: GenerateBatchInput!) {
  generateBatch(input: $input) { batch { id images { position index publicId } } }
}`;
const FOLLOW = `subscription ($batchId: ID!, $after: Int!) {
  imageStatusChanged(batchId: $batchId, after: $after) { number position index status url error { message } }
}`;

/** One operation over HTTP. Every error has a code in its extensions, and names the fields where a value was refused. */
async function ask(query, variables) {
  const response = await fetch(`${FILMROLL_URL}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors.map(({ message, extensions }) => `${extensions.code}: ${message}`).join('\n'));
  return data;
}

/** Each event of the batch once and in order, until it has ended, however often the connection is lost. */
async function* follow(batchId) {
  let last = 0;
  const client = createClient({
    url: `${FILMROLL_URL.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: authorization,
    retryAttempts: 20,
    shouldRetry: () => true,
  });
  // A lost connection is made again and the subscription sent again: a getter has it begin behind the last event that came.
  const variables = {
    batchId,
    get after() {
      return last;
    },
  };
  for await (const { data, errors } of client.iterate({ query: FOLLOW, variables })) {
    if (errors) throw new Error(errors[0].message);
    last = data.imageStatusChanged.number;
    yield data.imageStatusChanged;
  }
  await client.dispose();
}

// With the same key the same request can be sent again when its answer was lost: it still makes one batch.
const input = { username: 'ada', character: 'luna', prompt, count: Number(count), idempotencyKey: randomUUID() };
const { batch } = (await ask(GENERATE, { input })).generateBatch;
console.log(`batch ${batch.id}: ${batch.images.map(({ publicId }) => publicId).join(' ')}`);

let stored = 0;
for await (const { number, position, status, url, error } of follow(batch.id)) {
  console.log(`${number}: picture ${position} ${status} ${url ?? error?.message ?? ''}`.trim());
  if (status === 'UPLOADED') stored++;
}
process.exitCode = stored === batch.images.length ? 0 : 1;
