import { followBatch } from './follow-batch.js';

const GENERATE = `mutation ($input: GenerateBatchInput!) {
  generateBatch(input: $input) { batch { id images { position index } } }
}`;
const [form, status, frames, events] = ['form', 'output', '#frames', '#events'].map((selector) => document.querySelector(selector));

form.addEventListener('submit', (submit) => {
  submit.preventDefault();
  const { prompt, count } = Object.fromEntries(new FormData(form));
  run({ username: 'ada', character: 'luna', prompt, count: Number(count), idempotencyKey: crypto.randomUUID() }).then(
    () => (status.textContent = 'ended'),
    (error) => (status.textContent = error.message),
  );
});

async function run(input) {
  const batch = await generate(input);
  status.textContent = `batch ${batch.id}`;
  frames.replaceChildren(...batch.images.map(frameOf));
  events.replaceChildren();
  const url = new URL('/graphql', location.href.replace(/^http/, 'ws'));
  await followBatch(url, batch.id, show);
}

async function generate(input) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: GENERATE, variables: { input } }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data.generateBatch.batch;
}

function frameOf({ index }) {
  const frame = document.createElement('figure');
  const caption = document.createElement('figcaption');
  caption.textContent = `${index}: reserved`;
  frame.append(caption);
  return frame;
}

function show({ number, position, index, status: state, url, error }) {
  const frame = frames.children[position - 1];
  frame.querySelector('figcaption').textContent = `${index}: ${state.toLowerCase()}${error ? `, ${error.message}` : ''}`;
  if (url) frame.prepend(pictureAt(url, `picture ${index}`));
  const entry = document.createElement('li');
  entry.value = number;
  entry.textContent = `picture ${position} ${state}`;
  events.append(entry);
}

/** A picture that is asked for again while the service is away. */
function pictureAt(url, alt) {
  const picture = Object.assign(new Image(), { src: url, alt });
  picture.addEventListener('error', () => setTimeout(() => (picture.src = url), 1_000 + 1_000 * Math.random()));
  return picture;
}
