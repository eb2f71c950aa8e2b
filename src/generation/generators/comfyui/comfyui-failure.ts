import { plainReason } from './plain-reason.js';

const OUT_OF_MEMORY = /out ?of ?memory|allocation on device|not enough memory|MemoryError/i;
/** The machine, not the prompt: a GPU driver that stays broken until a restart, a full disk. Every prompt sent there would fail. */
const SERVER_FAULT = /CUDA error|CUBLAS|cuDNN error|HIP error|MPS backend|no space left on device|too many open files|input\/output error/i;

/** What kind of failure an `execution_error` is, and why in ComfyUI's words. The class of the exception varies between versions of torch. */
export function readFailure(error: Record<string, unknown>): { kind: 'out of memory' | 'server fault' | 'rejected'; reason: string } {
  const message = String(error.exception_message ?? 'no reason was given');
  const all = `${String(error.exception_type ?? '')} ${message}`;
  const reason = plainReason(error.node_type ? `${String(error.node_type)}: ${plainReason(message)}` : message);
  if (OUT_OF_MEMORY.test(all)) return { kind: 'out of memory', reason: `out of memory (${reason})` };
  return { kind: SERVER_FAULT.test(all) ? 'server fault' : 'rejected', reason };
}
