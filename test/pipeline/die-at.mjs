// Preloaded into a service process: kills it, as a power cut would, at the crash point that DIE_AT names.
import { subscribe } from 'node:diagnostics_channel';

const { DIE_AT } = process.env;

subscribe('filmroll:crash-points', (point) => {
  if (point === DIE_AT) process.kill(process.pid, 'SIGKILL');
});
