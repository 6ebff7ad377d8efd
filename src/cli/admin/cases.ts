import { type Command, InvalidArgumentError } from 'commander';
import { kinds } from '../../config/schemas/categories';
import { priorities, slaStates } from '../../domain/sla/sla';
import { isEnded, stages } from '../../domain/case/case';
import { bindingDeadline, nextDeadline } from '../../domain/case/case-clocks';
import type { CaseFact } from '../../domain/case/case-events';
import { factLabel, slaLabels, stageLabels } from '../../domain/case/case-labels';
import { localTime } from '../../domain/case/temporal-ui';
import { DAY_MS } from '../../domain/durations';
import { AppError } from '../../errors';
import { coordinatesText } from '../../mail/map-link';
import { withRoughPlace } from '../../store/case-erasure';
import type { CaseFilter } from '../../store/case-filter';
import type { CaseRecord } from '../../store/case-records';
import { reportSources } from '../../store/staff-reports';
import { caseTalk, type CaseTalk, type TalkEntry } from '../../whatsapp/case-talk';
import { actorOf, endOfDay, type Reader, readerOf, startOfDay, traced, withCaseNumber } from './arguments';
import { withStore } from './connections';

const MOST_CASES = 200;

function oneOf(allowed: readonly string[]) {
  return (value: string): string => {
    if (!allowed.includes(value)) throw new InvalidArgumentError(`Allowed: ${allowed.join(', ')}.`);
    return value;
  };
}

export function registerCases(admin: Command): void {
  traced(admin.command('cases'))
    .description(`list cases, newest first, at most ${MOST_CASES}`)
    .option('--stage <stage>', `one of ${stages.join(', ')}`, oneOf(stages))
    .option('--department <slug>', 'the department that has the task')
    .option('--sla <state>', `one of ${slaStates.join(', ')}`, oneOf(slaStates))
    .option('--institution <slug>', 'the institution that it was handed off to')
    .option('--subject <slug>', 'the subject, corrected or not')
    .option('--neighbourhood <slug>', 'the neighbourhood, corrected or not')
    .option('--priority <priority>', `one of ${priorities.join(', ')}`, oneOf(priorities))
    .option('--kind <kind>', `one of ${kinds.join(', ')}`, oneOf(kinds))
    .option('--source <source>', `entered by staff: ${reportSources.join(', ')}`, oneOf(reportSources))
    .option('--from <day>', 'received on this local day, YYYY-MM-DD, or later', startOfDay)
    .option('--to <day>', 'received on this local day or earlier', endOfDay)
    .option('--json', 'as JSON, one case per line')
    .action(async ({ json, actor, reason, ...filter }: CaseFilter & Reader & { json?: boolean }) => {
      // Only JSON holds places and ids of citizens.
      const by = json ? readerOf({ ...(actor && { actor }), ...(reason && { reason }) }) : null;
      if (json && !by) return;
      const found = await withStore(async store => {
        if (by) await store.trail.add({ ...by, what: 'cases' });
        return store.cases.list(filter, MOST_CASES);
      });
      const lines = json ? found.map(record => JSON.stringify(shown(record))) : caseLines(found, Date.now());
      for (const line of lines) console.log(line);
      if (!json) console.log(`${found.length} cases${found.length === MOST_CASES ? ' or more' : ''}`);
    });
}

/** Nobody needs the exact place of an ended case (Law 6698, article 4). */
function shown(record: CaseRecord): CaseRecord & { placeRounded: boolean } {
  const isOver = record.progress !== null && isEnded(record.progress.stage);
  return {
    ...record,
    intake: isOver ? withRoughPlace(record.intake) : record.intake,
    placeRounded: isOver && record.intake.place !== null,
  };
}

/** Returns the cases as aligned columns: number, priority, stage, state of the target, owner, due, place, age, subject. */
function caseLines(records: readonly CaseRecord[], now: number): string[] {
  const rows = records.map(({ caseNumber, intake, progress }) => {
    if (!progress) return [caseNumber, '', 'henüz yazılmadı'];
    const due = bindingDeadline(progress);
    const age = (progress.endedAt ?? now) - intake.receivedAt.getTime();
    return [
      ...[caseNumber, progress.priority.toUpperCase(), stageLabels[progress.stage]],
      progress.institution ? '' : slaLabels[progress.slaState],
      (progress.institution ?? progress.plan.desk).name,
      due === null ? '' : localTime(due, progress.plan.utcOffsetMinutes),
      ...[intake.neighbourhood?.name ?? '', `${Math.floor(age / DAY_MS)} gün`, intake.category.name],
    ];
  });
  const widths = rows.reduce<number[]>(
    (known, row) =>
      Array.from({ length: Math.max(known.length, row.length) }, (_, at) =>
        Math.max(known[at] ?? 0, row[at]?.length ?? 0),
      ),
    [],
  );
  return rows.map(row =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export function registerCase(admin: Command): void {
  traced(admin.command('case'))
    .description('show one case: its record, deadlines and timeline')
    .argument('<number>', 'the case number')
    .option('--json', 'as JSON, times in UTC')
    .action(async (typed: string, { json, ...given }: Reader & { json?: boolean }) => {
      const by = readerOf(given);
      if (!by) return;
      await withCaseNumber(typed, async (store, caseNumber) => {
        await store.trail.add({ ...by, what: 'case', caseNumber });
        const record = await store.cases.get(caseNumber);
        if (!record) {
          console.error(`There is no case ${caseNumber}.`);
          process.exitCode = 1;
          return;
        }
        const facts = await store.cases.facts(caseNumber, record.progress?.revision ?? 0);
        console.log(json ? asJson(shown(record), facts) : caseText(shown(record), facts));
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

function caseText(
  { caseNumber, intake, progress, placeRounded }: ReturnType<typeof shown>,
  facts: CaseFact[],
): string {
  if (!progress) return `${caseNumber}: stored, its workflow has not written yet.`;
  const time = (at: number): string => localTime(at, progress.plan.utcOffsetMinutes);
  const due = bindingDeadline(progress);
  const lines = [
    `${caseNumber}  ${intake.category.name}${intake.neighbourhood ? ` · ${intake.neighbourhood.name}` : ''}`,
    ...(intake.place
      ? [
          `Konum        ${coordinatesText(intake.place)}${placeRounded ? ' (yaklaşık 100 m, yuvarlandı)' : ''}`,
        ]
      : []),
    `Revizyon     ${progress.revision}`,
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
  traced(admin.command('messages'))
    .description(
      'show what was written and sent about one case, with the state of each message and what is charged',
    )
    .argument('<number>', 'the case number')
    .option('--json', 'as JSON, times in UTC and full texts')
    .action(async (typed: string, { json, ...given }: Reader & { json?: boolean }) => {
      const by = readerOf(given);
      if (!by) return;
      await withCaseNumber(typed, async (store, caseNumber) => {
        await store.trail.add({ ...by, what: 'messages', caseNumber });
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

/** Adds `photos`: lists the photos of a case and flags those that letters must omit. */
export function registerPhotos(admin: Command): void {
  traced(admin.command('photos'))
    .description(
      'list the photos of a case; a flagged one stays out of letters and is seen on the task page only',
    )
    .argument('<number>', 'the case number')
    .option('--flag <place>', 'flag the photo at this position, from 1')
    .option('--clear <place>', 'remove the flag at this position')
    .action(async (typed: string, { flag, clear, ...given }: Reader & { flag?: string; clear?: string }) => {
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
          const what = flag === undefined ? 'photoCleared' : 'photoFlagged';
          await store.trail.add({ ...actorOf(given), what, caseNumber, detail: `photo ${place ?? ''}` });
          await store.photos.flag(chosen.id, flag !== undefined);
        }
        for (const [i, photo] of (await store.photos.ofCase(caseNumber)).entries()) {
          const size = `${photo.width}×${photo.height}`;
          console.log(`${i + 1}  ${photo.keptAt.toISOString()}  ${size}${photo.flagged ? '  flagged' : ''}`);
        }
      });
    });
}
