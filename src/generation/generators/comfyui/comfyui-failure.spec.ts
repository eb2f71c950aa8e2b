import { readFailure } from './comfyui-failure.js';

const failed = (exception_type: string, exception_message: string) => ({ exception_type, exception_message, node_type: 'KSampler' });

test.each([
  ['torch.OutOfMemoryError', 'Allocation on device \nThis error means you ran out of memory on your GPU.\n\nTIPS: …'],
  ['torch.cuda.OutOfMemoryError', 'CUDA out of memory. Tried to allocate 2.00 GiB'],
  ['RuntimeError', '[enforce fail at alloc_cpu.cpp:114] DefaultCPUAllocator: not enough memory'],
  ['MemoryError', ''],
])('%s: %s is want of memory', (type, message) => {
  expect(readFailure(failed(type, message)).kind).toBe('out of memory');
});

test.each([
  ['RuntimeError', 'CUDA error: an illegal memory access was encountered'],
  ['OSError', '[Errno 28] No space left on device'],
])('%s: %s is the fault of the server', (type, message) => {
  expect(readFailure(failed(type, message)).kind).toBe('server fault');
});

test('all else is the fault of the prompt, told with its node and without paths', () => {
  expect(readFailure(failed('FileNotFoundError', "[Errno 2] No such file or directory: '/srv/comfy/x.png'\n"))).toEqual({
    kind: 'rejected',
    reason: 'KSampler: [Errno 2] No such file or directory: …',
  });
  expect(readFailure({})).toEqual({ kind: 'rejected', reason: 'no reason was given' });
});
