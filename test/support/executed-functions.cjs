/**
 * Preloaded into web and worker. At every SIGUSR2, each thread writes the functions that ran since the last
 * signal to a file in the folder EXECUTED_TO.
 */
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');
const { join } = require('node:path');
const { BroadcastChannel, isMainThread, threadId } = require('node:worker_threads');

// Threads start with different arguments but the same environment.
const role = isMainThread ? process.argv[2] : process.env.EXECUTED_ROLE;
if (role === 'web' || role === 'worker') {
  process.env.EXECUTED_ROLE = role;
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

  let round = 0;
  const write = () => {
    round += 1;
    session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
      const ran = result.flatMap(({ url, functions }) =>
        functions
          .filter(({ ranges: [{ count }] }) => count > 0)
          .map(({ functionName: name, ranges: [{ startOffset: start }] }) => ({ url, name, start })),
      );
      const file = join(process.env.EXECUTED_TO, `${round}-${role}-${threadId}.json`);
      writeFileSync(file, JSON.stringify(ran));
    });
  };
  const threads = new BroadcastChannel('executed-functions');
  threads.unref();
  threads.onmessage = write;
  if (isMainThread) {
    process.on('SIGUSR2', () => {
      threads.postMessage(null);
      write();
    });
  }
}
