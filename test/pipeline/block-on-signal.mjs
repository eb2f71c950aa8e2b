// Preloaded into a service process: SIGUSR2 blocks its event loop for five seconds.
process.on('SIGUSR2', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000));
