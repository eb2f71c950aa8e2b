import { Command, InvalidArgumentError } from 'commander';
import type { GenerateOptions } from '../generate.js';
import { addServiceOptions, WATCHING } from './service-options.js';

const EXAMPLE = `
For example: filmroll generate "at the lighthouse, dusk" --username ada --character luna --count 4

The request carries an idempotency key, so that it can be sent again when its answer was lost and still makes one batch. Give a key of
your own, as the number of an order, and the same holds for the whole command: run again, it shows the batch of the first time.`;

/** `filmroll generate`: a batch from a running service, watched until it has ended. */
export function addGenerate(program: Command): void {
  const command = program
    .command('generate')
    .argument('<prompt>', 'what the pictures show')
    .description('Asks a running service for a batch of pictures and watches it being made.')
    .requiredOption('--character <name>', 'of whom')
    .option('--username <name>', 'whose; where you have a token it is you')
    .option('--count <number>', 'how many; the service makes 4 unless told', wholeNumber)
    .option('--seed <number>', 'seed of the first picture, the next ones count up; else at random', wholeNumber)
    .option('--width <pixels>', 'a multiple of 8; 512 unless told', wholeNumber)
    .option('--height <pixels>', 'a multiple of 8; 512 unless told', wholeNumber)
    .option('--steps <number>', 'sampling steps; else what the workflow says', wholeNumber)
    .option('--workflow <name>', "one of the service's workflows; else the character's own")
    .option('--idempotency-key <key>', 'name of this request, see below; else a new one');
  addServiceOptions(command)
    .addHelpText('after', EXAMPLE + '\n' + WATCHING)
    .action(async (prompt: string, options: GenerateOptions) => (await import('../generate.js')).generate(prompt, options));
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  if (!Number.isSafeInteger(Number(text))) throw new InvalidArgumentError('It is too large.');
  return Number(text);
}
