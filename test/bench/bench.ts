import type { Command } from 'commander';

/** Adds `bench`: measures the line against bare Temporal in one run. It needs the packages of development. */
export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('measure the line against bare Temporal; a table, and JSON in .local/bench.json')
    .action(async () => {
      const { runBench } = await import('./run-bench.js');
      await runBench();
    });
}
