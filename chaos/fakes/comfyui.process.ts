import { openSync, writeSync } from 'node:fs';
import { FakeComfyUI } from '../../test/comfyui/fake-comfyui.js';
import type { Faults } from '../../test/comfyui/faults.js';
import { fingerprintOfRecipe } from '../../test/comfyui/picture.js';
import type { Execution, RequestRecord } from '../../test/comfyui/server-log.js';
import { FaultLog } from './fault-log.js';

/** How much more seldom than the others these happen: each holds up an image for many seconds, or for good until it is sent elsewhere. */
const SELDOM = 0.1;
const usual = ['loseReplies', 'failAfterQueueing', 'lateReplies', 'serverErrors', 'proxyErrors', 'resetRequests'] as const;
const downloads = ['cutDownloads', 'truncateDownloads', 'garbageDownloads', 'outOfMemory', 'notANumber'] as const;
const slow = ['hangRequests', 'stallDownloads', 'deafNewSockets', 'deleteBeforeDownload'] as const;

interface Options {
  port: number;
  seed: number;
  pictureMs: number;
  /** Of each usual fault, 0…1. */
  faults: number;
  logFile: string;
}

const { port, seed, pictureMs, faults, logFile } = JSON.parse(process.argv[2]) as Options;
const log = openSync(logFile, 'a');
const server = await FakeComfyUI.start({ port, seed, pictureMs });
const faultLog = new FaultLog((name, request) => write({ fault: name, request }));
faultLog.watch(server.faults);
switchOn(server.faults);

server.log.on('request', ({ path, query, body }: RequestRecord) => {
  faultLog.enter(`${path}?${query} ${body}`);
  server.requests.length = 0;
});
server.log.on('started', ({ promptId, startedAt }: Execution) => write({ started: promptId, at: startedAt }));
server.log.on('ended', ({ promptId, startedAt, endedAt, outcome, pictures }: Execution) =>
  write({ ended: promptId, startedAt, endedAt, outcome, fingerprints: pictures.map(fingerprintOfRecipe) }),
);
process.on('message', () => server.dropSockets());
process.on('disconnect', () => process.exit());
process.send?.(server.url);

/** At once, so that it is there when this process is killed in the next moment. */
function write(line: object): void {
  writeSync(log, `${JSON.stringify({ at: Date.now(), ...line })}\n`);
}

function switchOn(all: Faults): void {
  for (const name of [...usual, ...downloads]) all[name].withProbability(faults);
  for (const name of slow) all[name].withProbability(faults * SELDOM);
}
