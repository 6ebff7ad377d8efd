/**
 * Runs the tests of the records against another implementation of the MongoDB protocol than the embedded one: the server
 * at MONGODB_URI if it is set (a user who may create databases), else mongo-java-server, which needs Java 17 and Maven.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';

const root = fileURLToPath(new URL('..', import.meta.url));
const here = join(root, 'test/second-store');
const libraries = join(root, '.local/second-store');

/** They use records only. Those that measure time or start roles are left out. */
const tests = [
  'account-notices',
  'admin-audit',
  'admin-block',
  'audit-chain',
  'audit-trail',
  'breach',
  'case-records',
  'citizen-identities',
  'data-export',
  'dead-letters',
  'erasure',
  'inbound-payloads',
  'intake-hand-over',
  'intake-storing',
  'mail-letter-outbox',
  'orphaned-files',
  'outbox-citizen',
  'personal-fields',
  'recycled-numbers',
  'report-stories',
  'retention',
  'routing-duplicates',
  'routing-report',
  'shared-number',
];

const given = process.env['MONGODB_URI'];
const server = given ? null : await startServer();
try {
  const uri = given ?? `mongodb://127.0.0.1:${server.port}`;
  await warmUp(uri);
  const paths = tests.map(name => `test/${name}\\.test`);
  const { status } = run(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...paths], {
    TEST_MONGODB_URI: uri,
  });
  process.exitCode = status ?? 1;
} finally {
  server?.child.kill();
}

async function startServer() {
  mkdirSync(libraries, { recursive: true });
  const maven = [
    '-q',
    '-f',
    join(here, 'pom.xml'),
    'dependency:copy-dependencies',
    `-DoutputDirectory=${libraries}`,
  ];
  const { error, status } = run('mvn', maven);
  if (error || status !== 0)
    throw new Error('Maven could not fetch the server: are Java 17 and Maven installed?');
  const child = spawn('java', ['-cp', join(libraries, '*'), join(here, 'SecondStore.java')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended with ${code}`);
  });
  const [port] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  ended.catch(() => undefined);
  return { child, port };
}

/** The first operations of a Java program take longer than the line allows. */
async function warmUp(uri) {
  const client = new mongoose.mongo.MongoClient(uri);
  await client.connect();
  const records = client.db('warm-up').collection('records');
  for (let number = 0; number < 500; number += 1) {
    await records.insertOne({ number });
    await records.findOne({ number });
  }
  await client.db('warm-up').dropDatabase();
  await client.close();
}

function run(command, words, environment = {}) {
  return spawnSync(command, words, {
    ...{ cwd: root, stdio: 'inherit' },
    env: { ...process.env, ...environment },
  });
}
