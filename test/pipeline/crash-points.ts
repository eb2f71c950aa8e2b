import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeCloudinary } from '../cloudinary/fake-cloudinary.js';
import { FakeComfyUI } from '../comfyui/fake-comfyui.js';
import { createDatabase } from '../service/test-service.js';
import { CRASH_STORIES } from './crash-stories.js';
import { CrashStage } from './crash-stage.js';
import { Crew } from './crew.js';

/** How long a service may take to come to a crash point. Milliseconds. */
const PATIENCE = 120_000;

export interface Aftermath {
  /** What must not be, and is. */
  faults: string[];
  /** How many pictures were drawn more than once. */
  drawnAgain: number;
}

/** Kills every process that comes to the crash point, starts it again, waits for the end of all images and counts. Throws when none came there. */
export async function crashAt(crashPoint: string, roles: string[]): Promise<Aftermath> {
  const { pictureMs, tell } = CRASH_STORIES.find(({ steps }) => steps.some((step) => crashPoint.endsWith(` ${step}`)))!;
  const database = await createDatabase();
  const [comfyui, cloudinary] = await Promise.all([FakeComfyUI.start({ pictureMs }), FakeCloudinary.start()]);
  const dataDir = await mkdtemp(join(tmpdir(), 'filmroll-crash-'));
  const elsewhere = { DATABASE_URL: database.url, COMFYUI_URLS: comfyui.url, CLOUDINARY_URL: cloudinary.cloudinaryUrl };
  const crew = new Crew(roles, { ...elsewhere, DATA_DIR: dataDir, SHUTDOWN_TIMEOUT: '100ms' }, crashPoint);
  const stage = new CrashStage(crew, database, comfyui, cloudinary);
  try {
    await crew.ready();
    await tell(stage);
    await crew.died(PATIENCE);
    await stage.endAll();
    return { faults: await stage.faults(), drawnAgain: stage.drawnAgain() };
  } finally {
    await crew.disband();
    await Promise.all([comfyui.kill(), cloudinary.close(), database.drop()]);
    await rm(dataDir, { recursive: true });
  }
}
