import { useQuery } from '@tanstack/react-query';
import type { ResultOf } from 'gql.tada';
import { useLocation } from 'wouter';
import { BATCH_DETAILS } from '../api/operations';
import { send } from '../api/send';
import { FIRST_DRAFT } from '../generate/draft';
import { savedDraft } from '../generate/remembered-draft';
import { CopyButton } from '../parts/copy-button';
import { Icon } from '../parts/icon';
import { fullTime } from '../parts/time-text';
import { useTitle } from '../parts/use-title';
import { ContactSheet } from '../sheet/contact-sheet';

/** Characters that fit on the line of one fact. */
const LINE = 40;

type Details = NonNullable<ResultOf<typeof BATCH_DETAILS>['batch']>;

/** One batch: its sheet, and everything that it was asked for with. */
export function BatchView({ id }: { id: string }) {
  const { data: batch } = useQuery({
    queryKey: ['batch', id],
    queryFn: async ({ signal }) => (await send(BATCH_DETAILS, { id }, signal)).batch,
  });
  useTitle(batch ? `${batch.character}: ${batch.prompt}` : 'Batch');
  return (
    <div className="page batch">
      <h1 className="unseen">Batch</h1>
      <ContactSheet id={id} behind={`/batch/${id}`} />
      {batch && <BatchFacts batch={batch} />}
    </div>
  );
}

function BatchFacts({ batch }: { batch: Details }) {
  const [, navigate] = useLocation();
  const again = () => {
    savedDraft.set(JSON.stringify(draftOf(batch)));
    navigate('/');
  };
  return (
    <section className="batch-facts" aria-label="What it was asked for with">
      <dl className="facts">
        {factsOf(batch).map(([name, text, canCopy]) => (
          <div key={name} data-long={text.length > LINE}>
            <dt>{name}</dt>
            <dd>
              <span>{text}</span>
              {canCopy && <CopyButton text={text} what={name} />}
            </dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={again}>
        <Icon name="plus" /> Start a new batch from this one
      </button>
    </section>
  );
}

/** Name, value, and whether it can be copied, of whatever there is. */
function factsOf(batch: Details): [string, string, boolean][] {
  const { effectivePrompt, negativePrompt, embedding, workflow, width, height, seed, steps, cfg, parameters, createdAt, finishedAt, id } =
    batch;
  const facts: [string, string | number | null | undefined | false, boolean][] = [
    ['Prompt as sent', effectivePrompt, true],
    ['Negative prompt', negativePrompt, true],
    ['Parameters', parameters && Object.keys(parameters).length > 0 && JSON.stringify(parameters), true],
    ['Embedding', embedding, false],
    ['Size', `${width} × ${height}`, false],
    ['Seed of the first', seed, true],
    ['Steps', steps, false],
    ['CFG', cfg, false],
    ['Workflow', workflow, false],
    ['Asked for', fullTime(createdAt), false],
    ['Ended', finishedAt && fullTime(finishedAt), false],
    ['Batch', id, true],
  ];
  return facts.flatMap(([name, value, canCopy]) =>
    value === null || value === undefined || value === false || value === '' ? [] : [[name, String(value), canCopy]],
  );
}

/** Everything but the seed, which would make the same pictures again. */
function draftOf({ character, prompt, count, width, height, steps, cfg, negativePrompt, workflow, parameters }: Details) {
  const texts = Object.entries(parameters ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    ...FIRST_DRAFT,
    ...{ character, prompt, count, width, height, steps, cfg, workflow, negativePrompt: negativePrompt ?? '' },
    parameters: Object.fromEntries(texts) as Record<string, string>,
  };
}
