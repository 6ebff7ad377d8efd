import { type Command, InvalidArgumentError } from 'commander';
import { slaStates } from '../../domain/sla/sla';
import { stages } from '../../domain/case/case';
import { bindingDeadline, nextDeadline } from '../../domain/case/case-clocks';
import type { CaseFact } from '../../domain/case/case-events';
import { factLabel, slaLabels, stageLabels } from '../../domain/case/case-labels';
import { localTime } from '../../domain/case/temporal-ui';
import { AppError } from '../../errors';
import type { CaseFilter, CaseRecord } from '../../store/case-records';
import type { OutboxRecord } from '../../store/outbox-records';
import type { Store } from '../../store/store';
import type { TaskActionRecord } from '../../store/task-records';
import { caseTalk, type CaseTalk, type TalkEntry } from '../../whatsapp/case-talk';
import { withCaseNumber } from './arguments';
import { withStore } from './connections';

const MOST_CASES = 200;

function oneOf(allowed: readonly string[]) {
  return (value: string): string => {
    if (!allowed.includes(value)) throw new InvalidArgumentError(`Allowed: ${allowed.join(', ')}.`);
    return value;
  };
}

export function registerCases(admin: Command): void {
  admin
    .command('cases')
    .description(`list cases, newest first, at most ${MOST_CASES}`)
    .option('--stage <stage>', `one of ${stages.join(', ')}`, oneOf(stages))
    .option('--department <slug>', 'the department that has the task')
    .option('--sla <state>', `one of ${slaStates.join(', ')}`, oneOf(slaStates))
    .option('--json', 'as JSON, one case per line')
    .action(async ({ json, ...filter }: CaseFilter & { json?: boolean }) => {
      const found = await withStore(store => store.cases.list(filter, MOST_CASES));
      for (const record of found) console.log(json ? JSON.stringify(record) : caseLine(record));
      if (!json) console.log(`${found.length} cases${found.length === MOST_CASES ? ' or more' : ''}`);
    });
}

function caseLine({ caseNumber, intake, progress }: CaseRecord): string {
  if (!progress) return `${caseNumber}  not yet written`;
  const due = bindingDeadline(progress);
  const parts = [
    caseNumber,
    progress.stage.padEnd(10),
    (progress.institution ? '' : progress.slaState).padEnd(8),
    (progress.institution ?? progress.plan.desk).slug.padEnd(20),
    (due === null ? '' : localTime(due, progress.plan.utcOffsetMinutes)).padEnd(17),
    intake.category.name,
  ];
  return parts.join('  ');
}

export function registerCase(admin: Command): void {
  admin
    .command('case')
    .description('show one case: its record, deadlines and timeline')
    .argument('<number>', 'the case number')
    .option('--json', 'as JSON, times in UTC')
    .action(async (typed: string, { json }: { json?: boolean }) => {
      await withCaseNumber(typed, async (store, caseNumber) => {
        const record = await store.cases.get(caseNumber);
        if (!record) {
          console.error(`There is no case ${caseNumber}.`);
          process.exitCode = 1;
          return;
        }
        const facts = await store.cases.facts(caseNumber, record.progress?.revision ?? 0);
        console.log(json ? asJson(record, facts) : caseText(record, facts));
      });
    });
}

function asJson(record: CaseRecord, facts: CaseFact[]): string {
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  const { progress } = record;
  const deadlines = progress && {
    binding: iso(bindingDeadline(progress)),
    acceptBy: iso(progress.plan.acceptBy),
    resolveBy: iso(progress.plan.resolveBy),
    legalBy: iso(progress.plan.legalBy),
    next: iso(nextDeadline(progress)?.at ?? null),
    steps: progress.steps.map(step => ({ ...step, at: iso(step.at) })),
  };
  const timeline = facts.map(fact => ({ ...fact, at: iso(fact.at) }));
  return JSON.stringify({ ...record, deadlines, timeline }, null, 2);
}

function caseText({ caseNumber, intake, progress }: CaseRecord, facts: CaseFact[]): string {
  if (!progress) return `${caseNumber}: stored, its workflow has not written yet.`;
  const time = (at: number): string => localTime(at, progress.plan.utcOffsetMinutes);
  const due = bindingDeadline(progress);
  const lines = [
    `${caseNumber}  ${intake.category.name}${intake.neighbourhood ? ` · ${intake.neighbourhood.name}` : ''}`,
    `Aşama        ${stageLabels[progress.stage]}`,
    `Müdürlük     ${progress.institution?.name ?? progress.plan.desk.name}`,
    `Alındı       ${time(progress.receivedAt)}`,
    `Hizmet       ${slaLabels[progress.slaState]}${due === null ? '' : `, hedef ${time(due)}`}`,
    `Kabul / Çözüm ${time(progress.plan.acceptBy)} / ${time(progress.plan.resolveBy)}`,
    `Yasal süre   ${time(progress.plan.legalBy)}`,
    `Yönlendirme  ${Math.round(intake.confidence * 100)} %${intake.matchedWords.length ? ` (${intake.matchedWords.join(', ')})` : ''}`,
    '',
    ...facts.map(fact => `  ${time(fact.at)}  ${factLabel(fact)}`),
  ];
  return lines.join('\n');
}

/** The list truncates texts at this length; `--json` does not. */
const WORDS_SHOWN = 100;

export function registerMessages(admin: Command): void {
  admin
    .command('messages')
    .description(
      'show what was written and sent about one case, with the state of each message and what is charged',
    )
    .argument('<number>', 'the case number')
    .option('--json', 'as JSON, times in UTC and full texts')
    .action(async (typed: string, { json }: { json?: boolean }) => {
      await withCaseNumber(typed, async (store, caseNumber) => {
        try {
          const talk = await caseTalk(store, caseNumber);
          const utcOffset = (await store.cases.get(caseNumber))?.progress?.plan.utcOffsetMinutes ?? 0;
          console.log(json ? JSON.stringify(talk, null, 2) : talkText(talk, utcOffset));
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'case-missing') throw error;
          console.error(`There is no case ${caseNumber}.`);
          process.exitCode = 1;
        }
      });
    });
}

function talkText({ lines, ledger }: CaseTalk, utcOffsetMinutes: number): string {
  const { charged, inWindow, outsideWindow, byKind } = ledger;
  const kinds = Object.entries(byKind).map(([kind, count]) => `${count} ${kind}`);
  const sum = `${charged} charged: ${inWindow} inside the 24-hour window, ${outsideWindow} outside`;
  return [
    ...lines.map(line => talkRow(line, localTime(line.at.getTime(), utcOffsetMinutes))),
    '',
    kinds.length > 0 ? `${sum} (${kinds.join(', ')})` : sum,
  ].join('\n');
}

function talkRow(line: TalkEntry, time: string): string {
  const words = Array.from(line.words.replace(/\s+/g, ' '));
  const shown = words.length > WORDS_SHOWN ? `${words.slice(0, WORDS_SHOWN).join('')}…` : words.join('');
  return [time, stateOf(line).padEnd(16), line.kind.padEnd(15), shown].join('  ').trimEnd();
}

function stateOf(line: TalkEntry): string {
  if (line.from === 'citizen') return '← citizen';
  return `→ ${line.state}${line.errorCode === null ? '' : ` ${line.errorCode}`}`;
}

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
  admin
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
}

async function tracesOf(store: Store, caseNumber: string): Promise<Trace[]> {
  const owner = (await store.cases.get(caseNumber))?.intake.citizenId ?? '';
  const [views, actions, reads, letters] = await Promise.all([
    store.linkViews.ofCase(caseNumber, MOST_VIEWS),
    store.tasks.actionsOf(caseNumber),
    store.reads.of(caseNumber, owner && (await store.identities.currentOf(owner))),
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
    ...reads.map(({ at, what, actor, reason }) => ({ at, what, who: `${actor}: ${reason}` })),
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

/** Adds `photos`: lists the photos of a case and flags those that letters must omit. */
export function registerPhotos(admin: Command): void {
  admin
    .command('photos')
    .description(
      'list the photos of a case; a flagged one stays out of letters and is seen on the task page only',
    )
    .argument('<number>', 'the case number')
    .option('--flag <place>', 'flag the photo at this position, from 1')
    .option('--clear <place>', 'remove the flag at this position')
    .action(async (typed: string, { flag, clear }: { flag?: string; clear?: string }) => {
      await withCaseNumber(typed, async (store, caseNumber) => {
        const photos = await store.photos.ofCase(caseNumber);
        const place = flag ?? clear;
        if (place !== undefined) {
          const chosen = photos[Number(place) - 1];
          if (!chosen) {
            console.error(`${caseNumber} has no photo ${place}; it has ${photos.length}.`);
            process.exitCode = 1;
            return;
          }
          await store.photos.flag(chosen.id, flag !== undefined);
        }
        for (const [i, photo] of (await store.photos.ofCase(caseNumber)).entries()) {
          const size = `${photo.width}×${photo.height}`;
          console.log(`${i + 1}  ${photo.keptAt.toISOString()}  ${size}${photo.flagged ? '  flagged' : ''}`);
        }
      });
    });
}
