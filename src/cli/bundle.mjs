/** Writes dist/workflow-bundle.js from the compiled workflows, so that workers start faster. */
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = new URL('../../dist/', import.meta.url);

const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('workflows/index.js', dist)),
  logger: new DefaultLogger('WARN'),
});
const bundle = fileURLToPath(new URL('workflow-bundle.js', dist));
writeFileSync(`${bundle}.${process.pid}`, code);
renameSync(`${bundle}.${process.pid}`, bundle);
