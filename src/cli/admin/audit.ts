import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import type { LinkKey } from '../../config/link-keys';
import { loadMunicipality } from '../../config/municipality';
import { localDate } from '../../config/calendars';
import { dueAt } from '../../domain/retention';
import type { OutboxRecord } from '../../store/outbox-records';
import type { Store } from '../../store/store';
import type { TaskActionRecord } from '../../store/task-records';
import type { TrailEntry } from '../../store/trail-records';
import {
  actorOf,
  type DaysAsked,
  daysOf,
  firstDay,
  lastDay,
  type Reader,
  traced,
  withCaseNumber,
} from './arguments';
import { withStore } from './connections';

/** One letter, or one act through a link or of a manager by command. */
interface Trace {
  at: Date;
  /** The recipient, the holder of the link, or the name given by the manager. */
  who: string;
  what: string;
}

const MOST_VIEWS = 1_000;

/** Adds `audit`: the letters about a case, the visits to it by link, and the acts on it. */
export function registerAudit(admin: Command): void {
  const audit = admin
    .command('audit')
    .description(
      'list letters, visits by link, acts on a case and copies of its data, oldest first, at most 1,000 visits',
    )
    .argument('<number>', 'the case number')
    .option('--json', 'as JSON, one entry per line')
    .action(async (typed: string, { json }: { json?: boolean }) => {
      await withCaseNumber(typed, async (store, caseNumber) => {
        const traces = await tracesOf(store, caseNumber);
        for (const { at, who, what } of traces) {
          const time = at.toISOString();
          console.log(json ? JSON.stringify({ at: time, who, what }) : `${time}  ${what.padEnd(16)}  ${who}`);
        }
        if (!json) console.log(`${traces.length} traces`);
      });
    });

  audit
    .command('trail')
    .description('list reads of personal data, closures, links and configurations of a period, oldest first')
    .addOption(firstDay())
    .addOption(lastDay())
    .option('--json', 'as JSON, one entry per line')
    .action((asked: DaysAsked & { json?: boolean }, command: Command) => listTrail(command, asked));

  audit
    .command('verify')
    .description(
      'find facts and entries of the audit trail that were changed, removed or added in the database',
    )
    .action(() => withAuditKeys(verifyFacts));

  traced(audit.command('export'))
    .description(
      'write the facts, the audit trail and the visits by link of a period for an auditor as JSON lines, the last one a signature',
    )
    .addOption(firstDay())
    .addOption(lastDay())
    .requiredOption('--out <file>', 'the file; it must not exist')
    .action((asked: DaysAsked & Reader & { out: string }, command: Command) =>
      withAuditKeys((store, keys) => exportFacts(store, keys, command, asked)),
    );

  audit
    .command('check')
    .description('check the signature of an exported file')
    .argument('<file>')
    .action((file: string) => withAuditKeys((_, keys) => checkFile(keys, file)));
}

async function withAuditKeys(work: (store: Store, keys: readonly LinkKey[]) => Promise<void>): Promise<void> {
  const { AUDIT_KEYS: keys } = readEnv('admin');
  if (keys) await withStore(store => work(store, keys));
  else fail('AUDIT_KEYS is not set: facts and audit trail are not sealed.');
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

async function verifyFacts(store: Store): Promise<void> {
  const { cases, sealed, beforeChain, lost, findings } = await store.factChains.verify();
  for (const { caseNumber, number, fault } of findings)
    console.log(`${caseNumber}  fact ${number}  ${fault}`);
  console.log(
    `${cases} cases: ${sealed} sealed facts, ${beforeChain} from before the chain, ${lost} lost by a restored backup.`,
  );
  if (findings.length > 0) fail(`${findings.length} facts are not as they were written.`);
  else console.log('No fact was changed, removed or added.');
  await verifyTrail(store);
}

async function verifyTrail(store: Store): Promise<void> {
  const { days } = loadMunicipality(readEnv('admin').CONFIG_DIR).retention.families.auditTrail;
  const report = await store.trail.verify(new Date(dueAt(Date.now(), -days)));
  const { sealed, beforeChain, ended, findings } = report;
  for (const { entry, fault } of findings) console.log(`audit trail  entry ${entry}  ${fault}`);
  console.log(
    `Audit trail: ${sealed} sealed entries, ${beforeChain} from before the chain, ${ended} ended by retention.`,
  );
  if (findings.length > 0) fail(`${findings.length} entries are not as they were written.`);
  else console.log('No entry was changed, removed or added.');
}

/** The DER prefix of an Ed25519 private key in PKCS #8 (RFC 8410), before its 32 bytes. */
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Returns the key that signs exports. An auditor checks with its public half, which reveals no secret. */
function signingKeyOf({ key }: LinkKey): KeyObject {
  const seed = createHmac('sha256', key).update('audit export').digest();
  return createPrivateKey({ key: Buffer.concat([ED25519, seed]), format: 'der', type: 'pkcs8' });
}

const publicOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

async function exportFacts(
  store: Store,
  [key]: readonly LinkKey[],
  command: Command,
  { out, actor, reason, ...asked }: DaysAsked & Reader & { out: string },
): Promise<void> {
  if (!key) return;
  const municipality = loadMunicipality(readEnv('admin').CONFIG_DIR);
  const { first, last, period } = daysOf(command, municipality, asked);
  const file = createWriteStream(out, { flags: 'wx', mode: 0o600 });
  await store.trail.add({
    ...actorOf({ ...(actor && { actor }), ...(reason && { reason }) }),
    ...{ what: 'auditExport', detail: `${first} to ${last}` },
  });
  const counted = { lines: 0, facts: 0 };
  async function* lines(): AsyncGenerator<string> {
    const hash = createHash('sha256');
    const line = (value: object): string => {
      const text = `${JSON.stringify(value)}\n`;
      hash.update(text);
      counted.lines += 1;
      return text;
    };
    const about = { municipality: municipality.name, from: first, to: last };
    yield line({ type: 'export', ...about, writtenOn: localDate(municipality.timeZone, Date.now()) });
    for await (const fact of store.factChains.between(period.from, period.to)) {
      counted.facts += 1;
      yield line({ type: 'fact', ...fact });
    }
    for (const entry of await store.trail.between(period.from, period.to)) {
      yield line({ type: 'trail', ...entry });
    }
    for (const { tokenHash: _, ...view } of await store.linkViews.between(period.from, period.to)) {
      yield line({ type: 'visit', ...view });
    }
    const signing = signingKeyOf(key as LinkKey);
    const sha256 = hash.digest('hex');
    const signature = sign(null, Buffer.from(sha256), signing).toString('base64');
    const { lines: count } = counted;
    yield `${JSON.stringify({ type: 'signature', lines: count, sha256, key: key?.id, publicKey: publicOf(signing), signature })}\n`;
  }
  try {
    await pipeline(Readable.from(lines()), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(out, { force: true });
    throw error;
  }
  console.log(`${out}: ${counted.facts} facts from ${first} to ${last}, signed by ${key.id}.`);
}

interface Signature {
  lines: number;
  sha256: string;
  key: string;
  publicKey: string;
  signature: string;
}

function signatureIn(line: string): Partial<Signature> {
  try {
    return JSON.parse(line) as Partial<Signature>;
  } catch {
    return {};
  }
}

/** Checks the signature over the SHA-256 of all lines before it, and that the key is one of ours. */
async function checkFile(keys: readonly LinkKey[], file: string): Promise<void> {
  const hash = createHash('sha256');
  let count = 0;
  let held: string | null = null;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (held !== null) {
      hash.update(`${held}\n`);
      count += 1;
    }
    held = line;
  }
  const end = signatureIn(held ?? '');
  const key = keys.find(({ id }) => id === end.key);
  const sha256 = hash.digest('hex');
  const isSigned =
    key !== undefined &&
    end.sha256 === sha256 &&
    end.lines === count &&
    verify(
      null,
      Buffer.from(sha256),
      createPublicKey(signingKeyOf(key)),
      Buffer.from(end.signature ?? '', 'base64'),
    );
  if (isSigned) console.log(`${file}: ${count - 1} entries, as they were exported. Signed by ${key.id}.`);
  else fail(`${file} is not as it was exported${key ? '' : ', or its key is not in AUDIT_KEYS'}.`);
}

const whoAndWhy = ({ actor, reason, detail }: TrailEntry): string =>
  [actor, [reason, detail].filter(part => part).join(', ')].filter(part => part).join(': ');

/** Prints who read or changed something by a command, also without a case. */
async function listTrail(
  command: Command,
  { json, ...asked }: DaysAsked & { json?: boolean },
): Promise<void> {
  const { period } = daysOf(command, loadMunicipality(readEnv('admin').CONFIG_DIR), asked);
  const entries = await withStore(store => store.trail.between(period.from, period.to));
  for (const entry of entries) {
    const { at, what, caseNumber, citizenId } = entry;
    const about = caseNumber ?? citizenId ?? '';
    console.log(
      json
        ? JSON.stringify(entry)
        : [at.toISOString(), what.padEnd(16), about.padEnd(12), whoAndWhy(entry)].join('  '),
    );
  }
  if (!json) console.log(`${entries.length} entries`);
}

async function tracesOf(store: Store, caseNumber: string): Promise<Trace[]> {
  const owner = (await store.cases.get(caseNumber))?.intake.citizenId ?? '';
  const [views, actions, trail, letters] = await Promise.all([
    store.linkViews.ofCase(caseNumber, MOST_VIEWS),
    store.tasks.actionsOf(caseNumber),
    store.trail.of(caseNumber, owner && (await store.identities.currentOf(owner))),
    lettersOf(store, caseNumber),
  ]);
  const again = await Promise.all(
    actions.filter(isSending).map(({ actionId }) => store.outbox.get(actionId)),
  );
  const traces = [
    ...views.map(({ at, what, isUnsure, times = 1, recipient: { name, address } }) => ({
      at,
      what: `opened ${what}${isUnsure === true ? '?' : ''}${times > 1 ? ` ×${times}` : ''}`,
      who: `${name} <${address}>`,
    })),
    ...actions.map(({ at, action, actor, role, insteadOf }) => ({
      at,
      what: action,
      who: (actor ?? role) + (insteadOf ? ` (${insteadOf} yerine)` : ''),
    })),
    ...trail.map(entry => ({ at: entry.at, what: entry.what, who: whoAndWhy(entry) })),
    ...letters,
    ...again.flatMap(letterTrace),
  ];
  return traces.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Letters of an effect: to the usual recipient, to those on duty, and to the fallback of both. */
const copies = ['', ':duty', ':fallback', ':duty:fallback'];

async function lettersOf(store: Store, caseNumber: string): Promise<Trace[]> {
  const effects = (await store.cases.get(caseNumber))?.progress?.effects ?? 0;
  const keys = Array.from({ length: effects }, (_, i) => `${caseNumber}:${i + 1}`);
  const found = await Promise.all(keys.flatMap(key => copies.map(copy => store.outbox.get(`${key}${copy}`))));
  return found.filter(record => record?.channel === 'mail').flatMap(letterTrace);
}

/** Whether an act ordered a letter or message, which has the act's id as its key. */
function isSending({ action }: Pick<TaskActionRecord, 'action'>): boolean {
  return action === 'resend' || action === 'newLink';
}

function letterTrace(record: OutboxRecord | null): Trace[] {
  if (record === null) return [];
  const { to } = record.content as { to?: { name: string; address: string } };
  const who = to ? `${to.name} <${to.address}>` : record.recipient;
  const done = record.channel === 'mail' ? 'mailed' : 'message sent';
  return [
    {
      at: record.createdAt,
      what:
        record.state === 'accepted'
          ? done
          : `${record.channel === 'mail' ? 'mail' : 'message'} ${record.state}`,
      who,
    },
  ];
}
