import { ShownBatch, ShownImage } from './batch-operations.js';
import { BatchView } from './batch-view.js';
import { JsonView } from './json-view.js';
import { inOneLine } from './one-line.js';
import { onTerminal, openView } from './open-view.js';
import { pictureTable } from './picture-table.js';
import { RefusedError, UnreachableError } from './service-errors.js';
import { ServiceClient } from './service-client.js';
import { ServiceOptions, serviceOf } from './service.js';
import { EXIT, Fault, runStoppable } from './stoppable.js';

export interface WatchOptions extends ServiceOptions {
  json?: true;
}

/**
 * Watches the batch that `begin` finds or makes until it has ended, and sets the exit code: 0 all stored, 1 some not, 2 refused, 3 the service could
 * not be reached, 130 stopped. `beforehand` says how to go on when it ends before there is a batch.
 */
export function watchBatch(
  options: WatchOptions,
  beforehand: string,
  begin: (client: ServiceClient) => Promise<ShownBatch>,
): Promise<void> {
  let [goOn, view]: [string, BatchView | undefined] = [beforehand, undefined];
  const watch = async (signal: AbortSignal) => {
    const onAway = (notice: string) => (view ? view.notice(notice) : console.error(notice));
    const client = new ServiceClient(serviceOf(options), { signal, onAway });
    const batch = await begin(client);
    goOn = `The batch goes on without this command; to see how: ${commandFor(batch, options)}`;
    view = options.json ? new JsonView() : openView(batch.images);
    return show(client, batch, view);
  };
  endWithReader();
  const faultOf = (error: unknown) => faultWith(error, goOn);
  return runStoppable(watch, () => `Stopped. ${goOn}`, faultOf);
}

async function show(client: ServiceClient, begun: ShownBatch, view: BatchView): Promise<number> {
  if (view instanceof JsonView) view.begin(begun);
  else
    console.log(
      `Batch ${begun.id}: ${begun.count} ${begun.count === 1 ? 'picture' : 'pictures'} of ${inOneLine(begun.character)} for ${inOneLine(begun.username)}.\n`,
    );
  const batch = await client.follow(begun.id, view).finally(() => view.close());
  if (view instanceof JsonView) view.end(batch);
  else printEnd(batch);
  return batch.status === 'COMPLETED' ? EXIT.ok : EXIT.findings;
}

function printEnd({ id, count, counts, images }: ShownBatch): void {
  console.log(`\n${pictureTable(images, ({ url }) => url, onTerminal ? process.stdout.columns : undefined)}\n`);
  for (const image of images.filter(({ error }) => error)) console.log(failureOf(image));
  if (counts.uploaded === count)
    return console.log(`${count === 1 ? `The picture of batch ${id} is` : `All ${count} pictures of batch ${id} are`} stored.`);
  console.log(`${counts.uploaded} of ${count} pictures of batch ${id} are stored; ${counts.failed} failed, ${counts.cancelled} cancelled.`);
}

function failureOf({ position, index, error }: ShownImage): string {
  return `Picture ${position}, index ${index}: ${error?.code}: ${inOneLine(error?.message ?? '')}`;
}

function commandFor({ id }: ShownBatch, { url }: WatchOptions): string {
  return `filmroll watch ${id}${url === undefined ? '' : ` --url ${url}`}`;
}

function faultWith(error: unknown, goOn: string): Fault {
  const { message } = error as Error;
  if (error instanceof UnreachableError) return { message: `${message} ${goOn}`, code: EXIT.unreachable };
  if (error instanceof RefusedError) return { message: inOneLine(message), code: EXIT.impossible };
  return { message: `This could not be done: ${inOneLine(message)} ${goOn}`, code: EXIT.impossible };
}

/** As in `… --json | head -1`: whoever reads has seen enough. */
function endWithReader(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => code === 'EPIPE' && process.exit(EXIT.stopped));
}
