import type { OutputFile } from './comfyui-api.js';
import { ComfyuiUnavailableError, OutputMissingError } from './comfyui-errors.js';
import type { ComfyuiServer } from './comfyui-server.js';
import type { ComfyuiTimings } from './comfyui-timings.js';
import { pause } from './deadline.js';
import { DamagedPictureError, stripMetadata } from './strip-metadata.js';

/** How often a file is read that arrives damaged although its length is right. */
const DAMAGED_TRIES = 4;

/**
 * Reads the whole file and takes its metadata off unless `keepMetadata`. What is cut short is read again, and so is a file from a server that is away
 * for a moment, whose output folder outlives a restart. Throws `OutputMissingError`, `ComfyuiUnavailableError`, `DamagedPictureError`, the signal's reason.
 */
export async function downloadPicture(
  server: ComfyuiServer,
  file: OutputFile,
  keepMetadata: boolean,
  timings: ComfyuiTimings,
  signal: AbortSignal,
): Promise<Buffer> {
  const since = performance.now();
  for (let tries = 1; ; tries++) {
    try {
      const bytes = await server.api.download(file, signal);
      if (!bytes) throw new OutputMissingError(server.name);
      const stripped = stripMetadata(bytes, file.filename);
      return keepMetadata ? bytes : stripped;
    } catch (error) {
      const again = error instanceof DamagedPictureError ? tries < DAMAGED_TRIES : error instanceof ComfyuiUnavailableError;
      if (!again || performance.now() - since > timings.silence) throw error;
    }
    await pause(Math.min(timings.retry * 2 ** (tries - 1), 1_000), signal);
  }
}
