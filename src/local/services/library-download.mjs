/**
 * Lets a library download its program and prints the path. Runs as a separate process, so that a hanging download can
 * be killed.
 *
 * node library-download.mjs temporal | temporal-test-server | mongod FOLDER
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const [what, folder] = process.argv.slice(2);

async function download() {
  if (what === 'mongod') {
    const { MongoBinary } = await import('mongodb-memory-server-core');
    return MongoBinary.getPath({ downloadDir: folder });
  }
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const server = { executable: { type: 'cached-download', downloadDir: folder } };
  const environment =
    what === 'temporal'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server });
  await environment.teardown();
  const name = readdirSync(folder).find(file => file.startsWith(`${what}-sdk-`));
  if (name === undefined) throw new Error(`nothing was left in ${folder}`);
  return join(folder, name);
}

download().then(
  path => {
    process.stdout.write(`${path}\n`);
    process.exit(0);
  },
  error => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  },
);
