import { DurableStep } from '../../src/durable/durable-steps.js';
import { RefusedError } from '../service/api-client.js';
import { CrashStage } from './crash-stage.js';
import { untilCounts } from './until.js';

interface CrashStory {
  /** The steps that are passed in it for sure. */
  steps: DurableStep[];
  /** How long each picture takes. Milliseconds. */
  pictureMs: number;
  tell(stage: CrashStage): Promise<unknown>;
}

const CANCEL = 'mutation ($id: ID!) { cancelBatch(id: $id) { status } }';
const SAVE = 'mutation ($input: SaveCharacterInput!) { saveCharacter(input: $input) { id } }';
const DELETE = 'mutation ($id: ID!) { deleteCharacter(id: $id) }';

/** What has to happen so that the service comes to each of its durable steps. */
export const CRASH_STORIES: CrashStory[] = [
  {
    steps: [
      ...(['reserve indices', 'ring generation', 'claim generation', 'send prompt', 'accept bytes'] as const),
      ...(['ring upload', 'claim upload', 'create asset', 'prove upload'] as const),
    ],
    pictureMs: 50,
    tell: (stage) => stage.generate(3),
  },
  {
    steps: ['forget prompt'],
    pictureMs: 50,
    tell: (stage) => {
      stage.comfyui.faults.outOfMemory.next(1);
      return stage.generate(3);
    },
  },
  {
    steps: ['try again later'],
    pictureMs: 50,
    tell: (stage) => {
      stage.cloudinary.faults.badGateways.on('POST /image/upload').next(1);
      return stage.generate(3);
    },
  },
  {
    steps: ['fail image', 'retry batch'],
    pictureMs: 50,
    tell: async (stage) => {
      stage.comfyui.faults.nodeErrors.next(1);
      await stage.end(await stage.generate(3));
    },
  },
  {
    steps: ['cancel batch', 'dequeue prompt', 'interrupt prompt'],
    pictureMs: 10_000,
    tell: async (stage) => {
      const id = await stage.generate(3);
      await inFlight(stage, id);
      await stage.crew.insist((api) => api.ask(CANCEL, { id }));
    },
  },
  {
    steps: ['hand back'],
    pictureMs: 3_000,
    tell: async (stage) => {
      await inFlight(stage, await stage.generate(3));
      await stage.crew.signalWorker('SIGTERM');
    },
  },
  {
    steps: ['take back'],
    pictureMs: 500,
    tell: async (stage) => {
      await inFlight(stage, await stage.generate(3));
      await stage.crew.signalWorker('SIGKILL');
    },
  },
  {
    steps: ['move sequence on'],
    pictureMs: 50,
    tell: async (stage) => {
      await stage.end(await stage.generate(2));
      await stage.database.query(`SELECT setval('series_' || id, 1, false) FROM series`);
      await stage.generate(3);
    },
  },
  {
    steps: ['save character', 'delete character'],
    pictureMs: 50,
    tell: async ({ crew }) => {
      const { saveCharacter } = await crew.insist((api) => api.ask(SAVE, { input: { username: 'ada', name: 'luna' } }));
      await crew.insist((api) => api.ask(DELETE, { id: saveCharacter.id })).catch(unlessGone);
    },
  },
];

/** Until both of the backend's slots are taken; the service may die over it. */
async function inFlight({ crew }: CrashStage, batchId: string): Promise<void> {
  await crew.insist((api) => untilCounts(api, batchId, { generating: 2 }));
}

/** Asked for again after a death, it may have been deleted the first time. */
function unlessGone(error: Error): void {
  if (!(error instanceof RefusedError) || error.errors[0].extensions.code !== 'NOT_FOUND') throw error;
}
