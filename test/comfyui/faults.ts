import { seededRandom, Switch } from '../service/switches.js';

const brokenFile = 'Error while deserializing header: /srv/comfy/base/models/checkpoints/secret-project.safetensors is cut short';

/**
 * The bad moments of a server that happen now and then, each a switch: `faults.cutDownloads.next(2)`, `.withProbability(0.1)`, `.always()`,
 * `.never()`, and for HTTP `.on('/view', 'POST /prompt')`. They may be combined, and the same seed makes the same choices at a switch's
 * first, second, third… occasion.
 */
export class Faults {
  /** 500 in plain text, before anything was done. */
  readonly serverErrors: Switch;
  /** An HTML page with `proxyStatus`, from a proxy that never asked the server; also refuses websocket handshakes. */
  readonly proxyErrors: Switch;
  proxyStatus: 403 | 502 | 503 | 504 = 502;
  /** The connection is reset before anything was done. */
  readonly resetRequests: Switch;
  /** No answer ever; nothing is done. */
  readonly hangRequests: Switch;

  /** POST /prompt: queued, but the connection is reset instead of a reply. */
  readonly loseReplies: Switch;
  /** POST /prompt: queued, but 500. */
  readonly failAfterQueueing: Switch;
  /** POST /prompt: the reply comes after the job has ended. */
  readonly lateReplies: Switch;

  /** POST /interrupt: 200, and nothing happens. */
  readonly ignoreInterrupts: Switch;
  /** POST /interrupt takes effect so much later, in milliseconds, on whatever runs then. */
  lateInterruptMs = 0;

  /** The output file is deleted before it is downloaded: 404. */
  readonly deleteBeforeDownload: Switch;
  /** The right Content-Length, half of the bytes, and the connection is closed. */
  readonly cutDownloads: Switch;
  /** Half of the file with a Content-Length to match. */
  readonly truncateDownloads: Switch;
  /** As many bytes as there should be, but no picture. */
  readonly garbageDownloads: Switch;
  /** Half of the bytes, and then silence on an open connection. */
  readonly stallDownloads: Switch;

  /** The next sampler runs out of memory. */
  readonly outOfMemory: Switch;
  /** The next sampler fails with `nodeError`, a traceback and paths of the server. */
  readonly nodeErrors: Switch;
  nodeError = { kind: 'RuntimeError', message: brokenFile };
  /** The next sampler is blocked: an `execution_error` that ends nothing. */
  readonly blockedNodes: Switch;
  /** NaN, which JSON.parse refuses, in a progress message, in the inputs that an error tells and in the prompt chunk of
   * the picture. */
  readonly notANumber: Switch;

  /** New websockets stay open and answer pings, but get nothing. */
  readonly deafNewSockets: Switch;

  /** The history is written so many milliseconds after this message. Until then the job is listed as running. */
  lateHistory: { ms: number; after: 'execution_success' | 'executing null' } = { ms: 0, after: 'execution_success' };

  constructor(seed: number) {
    let made = 0;
    const make = () => new Switch(seededRandom(seed * 1000 + made++));
    this.serverErrors = make();
    this.proxyErrors = make();
    this.resetRequests = make();
    this.hangRequests = make();
    this.loseReplies = make();
    this.failAfterQueueing = make();
    this.lateReplies = make();
    this.ignoreInterrupts = make();
    this.deleteBeforeDownload = make();
    this.cutDownloads = make();
    this.truncateDownloads = make();
    this.garbageDownloads = make();
    this.stallDownloads = make();
    this.outOfMemory = make();
    this.nodeErrors = make();
    this.blockedNodes = make();
    this.notANumber = make();
    this.deafNewSockets = make();
  }
}
