import { createHash } from 'node:crypto';
import { heartbeat } from '@temporalio/activity';
import { DAY_MS, MINUTE_MS } from '../src/domain/durations';
import { type CaseProgress, type CaseState, isEnded, isWithDepartment } from '../src/domain/case/case';
import { type CaseAttributes, caseAttributes } from '../src/domain/case/temporal-ui';
import { reconcileLetter } from '../src/mail/letters/staff-letters';
import type { CaseIntake, CaseRecord, OpenedCase } from '../src/store/case-records';
import { AppError } from '../src/errors';
import { mapConcurrently } from '../src/whatsapp/hand-over';
import type { Findings, OperatorActivities } from '../workflows/contract';
import { intakeOf } from './case-intake';
import { resumeCall } from './citizen-call';
import type { Deps } from './deps';
import { resumeHandOff } from './hand-off';
import { mailLetter } from './mail-letter';
import { type OpeningDeps, restartCase } from './open-case';

/** Younger findings may still be in progress. */
const SETTLED_AFTER_MS = 10 * MINUTE_MS;
const STUCK_AFTER_MS = 6 * 60 * MINUTE_MS;
const MOST_NAMED = 50;
/** Send slots and arrivals are read for minutes only. */
const SLOTS_KEPT_MS = 60 * MINUTE_MS;
const AT_ONCE = 16;

type Shown = Map<string, Partial<CaseAttributes>>;

/**
 * Compares records and workflows: existence, stage, deadlines, and the revision where they differ. Restarts lost
 * workflows of cases, calls and hand-offs, lets workflows write records that are older than their state, restores lost
 * records, and sends missing task letters. The rest is reported to the operator, each finding once.
 */
export function reconcile(deps: Deps): OperatorActivities['reconcile'] {
  const { store, caseList, now } = deps;

  return async () => {
    const at = now().getTime();
    const [shown, numbers] = await Promise.all([caseList.shown(), store.stories.underWay()]);
    const findings: Findings = {
      ...{ restarted: [], called: [], watched: [], rewritten: [], mailed: [] },
      ...{ unknown: [], silent: [], stuck: [] },
    };
    const records = await settledAmong(deps, numbers, at);
    const beat = async (caseNumber: string, work: () => Promise<void>): Promise<void> => {
      heartbeat();
      try {
        await work();
      } catch (error) {
        // A workflow that does not answer must not hide the findings about the others.
        if (!(error instanceof AppError) || error.code !== 'temporal-unavailable') throw error;
        findings.silent.push(caseNumber);
      }
    };
    await compareAll(deps, { shown, records, known: new Set(numbers) }, findings, beat);
    for (const each of outliving) await mendOutliving(deps, each, { at, findings, beat });
    await mailMissing(deps, records, findings, beat);
    await forget(deps, at);
    findings.stuck = await store.outbox.stuck(new Date(at - STUCK_AFTER_MS), MOST_NAMED);
    const sorted = inOrder(findings);
    await tell(deps, sorted);
    return sorted;
  };
}

/** Deletes what nobody reads any more. */
async function forget({ store }: Deps, at: number): Promise<void> {
  const expired = new Date(at - SLOTS_KEPT_MS);
  const isSent = async (actionId: string): Promise<boolean> => (await store.tasks.action(actionId)) !== null;
  await Promise.all([
    store.sendingSlots.forgetBefore(expired),
    store.inbox.forgetArrivals(expired),
    store.workPhotos.forgetUnsent(new Date(at - 8 * DAY_MS), new Date(at - DAY_MS), isSent),
  ]);
}

function inOrder(findings: Findings): Findings {
  // Deliveries are ordered by age.
  const { stuck: _, ...cases } = findings;
  for (const numbers of Object.values(cases)) numbers.sort();
  return findings;
}

/** Returns the records of these cases that did not change within the last minutes. */
async function settledAmong({ store }: Deps, numbers: string[], at: number): Promise<CaseRecord[]> {
  const found = await mapConcurrently(numbers, AT_ONCE, number => {
    heartbeat();
    return store.cases.get(number);
  });
  return found.filter(record => record !== null).filter(record => at - movedAt(record) >= SETTLED_AFTER_MS);
}

type Beat = (caseNumber: string, work: () => Promise<void>) => Promise<void>;

async function compareAll(
  deps: Deps,
  { shown, records, known }: { shown: Shown; records: CaseRecord[]; known: ReadonlySet<string> },
  findings: Findings,
  beat: Beat,
): Promise<void> {
  const { store, gateway } = deps;

  /** Lets the workflow write its record again if that is older. */
  async function compare({ caseNumber, progress }: CaseRecord): Promise<void> {
    const state = await gateway.stateOf(caseNumber);
    if (!state || state.revision <= (progress?.revision ?? 0)) return;
    if (await gateway.recordAgain(caseNumber)) findings.rewritten.push(caseNumber);
  }

  const alike: CaseRecord[] = [];
  await mapConcurrently(records, AT_ONCE, record =>
    beat(record.caseNumber, async () => {
      const seen = shown.get(record.caseNumber);
      if (seen === undefined) await mendStopped(deps, record, findings);
      else if (isAlike(record, seen)) alike.push(record);
      else await compare(record);
    }),
  );
  const unlisted = [...shown.keys()].filter(number => !known.has(number));
  await mapConcurrently(unlisted, AT_ONCE, number =>
    beat(number, async () => {
      const record = await store.cases.get(number);
      // A record of an ended case may be a moment ahead of the list, or older than a case that was reopened.
      if (record) await compare(record);
      else if (await restoreRecord(deps, number)) findings.rewritten.push(number);
      else findings.unknown.push(number);
    }),
  );
  // Workflows that are ahead of their records mean that an older copy was restored. Then a case may also differ in
  // facts that no search attribute shows.
  if (findings.rewritten.length + findings.unknown.length === 0) return;
  await mapConcurrently(alike, AT_ONCE, record => beat(record.caseNumber, () => compare(record)));
}

/** Whether the search attributes of a workflow match its record. Older workflows show fewer. */
function isAlike({ progress }: CaseRecord, seen: Partial<CaseAttributes>): boolean {
  if (!progress) return false;
  const expected = caseAttributes({ ...progress, handled: [] });
  return (Object.keys(seen) as (keyof CaseAttributes)[]).every(name => seen[name] === expected[name]);
}

/** Restarts an open case whose workflow does not run. If the workflow has gone on meanwhile, its state counts. */
async function mendStopped(deps: Deps, record: CaseRecord, findings: Findings): Promise<void> {
  const { caseNumber } = record;
  const state = await deps.gateway.stateOf(caseNumber);
  const isNewer = state !== null && state.revision > (record.progress?.revision ?? 0);
  if (!isNewer) {
    if (await restartCase(deps, record)) findings.restarted.push(caseNumber);
    return;
  }
  const { handled, ...progress } = state;
  // The workflow has stopped, so nobody else writes the record.
  await deps.store.cases.write(progress, []);
  findings.rewritten.push(caseNumber);
  if (isEnded(state.stage)) return;
  if (await restartCase(deps, { ...record, progress })) findings.restarted.push(caseNumber);
}

/** A call or hand-off, which may go on after its case has ended. */
interface Outliving {
  finding: 'called' | 'watched';
  numbers: (stories: Deps['store']['stories']) => Promise<string[]>;
  movedAt: (progress: CaseProgress) => number | undefined;
  resume: (deps: Deps, opened: OpenedCase) => Promise<boolean>;
}

const outliving: readonly Outliving[] = [
  {
    finding: 'called',
    numbers: stories => stories.calling(),
    movedAt: ({ call }) => call?.at,
    resume: resumeCall,
  },
  {
    finding: 'watched',
    numbers: stories => stories.handingOff(),
    movedAt: ({ handOff }) => handOff?.at,
    resume: resumeHandOff,
  },
];

/** Continues those that Temporal has lost. */
async function mendOutliving(
  deps: Deps,
  { finding, numbers, movedAt: lastStepAt, resume }: Outliving,
  { at, findings, beat }: { at: number; findings: Findings; beat: Beat },
): Promise<void> {
  const { store, gateway } = deps;
  await mapConcurrently(await numbers(store.stories), AT_ONCE, number =>
    beat(number, async () => {
      const record = await store.cases.get(number);
      const state = await gateway.stateOf(number);
      const progress = record?.progress;
      const steppedAt = progress && lastStepAt(progress);
      if (!record || !progress || !steppedAt || at - steppedAt < SETTLED_AFTER_MS) return;
      if (state && state.revision > progress.revision) {
        // The record is older: the call or hand-off may have ended. The next comparison decides.
        const { handled, ...newer } = state;
        if (!(await gateway.recordAgain(number))) await store.cases.write(newer, []);
        if (!findings.rewritten.includes(number)) findings.rewritten.push(number);
      } else if (await resume(deps, { ...record, progress })) findings[finding].push(number);
    }),
  );
}

/**
 * Restores the lost record of a running case from its workflow and from what is left of its messages. Returns
 * false if the workflow is unknown, or if its citizen is and `evenWithoutCitizen` is not set: nobody could be
 * notified then.
 */
export async function restoreRecord(
  { store, municipality, gateway }: Pick<OpeningDeps, 'store' | 'municipality'> & Pick<Deps, 'gateway'>,
  caseNumber: string,
  { evenWithoutCitizen = false } = {},
): Promise<boolean> {
  const state = await gateway.stateOf(caseNumber);
  const citizen = state && (await store.citizens.get(state.citizenId));
  if (!state || (!citizen && !evenWithoutCitizen)) return false;
  const messages = await store.messages.several(state.messageIds);
  const choice = { chosenCategory: state.category.slug, kind: state.kind };
  const told = citizen && messages.length > 0 ? intakeOf(municipality, citizen, messages, choice) : null;
  await store.cases.open(caseNumber, { ...unknownReport, ...told, ...intakeIn(state) });
  const { handled, ...progress } = state;
  await store.cases.write(progress, []);
  const own = { caseNumber, openedAt: new Date(state.receivedAt) };
  if (citizen) await store.citizens.caseOpened(citizen.id, own, null);
  // The workflow may have gone on since, and remembers its last facts.
  return gateway.recordAgain(caseNumber);
}

/** What is assumed about a report whose messages are lost. */
const unknownReport = {
  ...{ language: 'tr', confidence: 1, matchedWords: [], place: null, outside: false },
} as const satisfies Partial<CaseIntake>;

/** Returns what the workflow of a case knows about its report. */
function intakeIn(state: CaseState) {
  const { kind, category, priority, neighbourhood, institution, receivedAt, messageIds, plan } = state;
  return {
    ...{ kind, category, priority, neighbourhood, institution },
    openedBy: messageIds[0] ?? state.caseNumber,
    citizenId: state.citizenId,
    desk: plan.desk.slug,
    withNotice: false,
    receivedAt: new Date(receivedAt),
  };
}

function movedAt({ intake, progress }: CaseRecord): number {
  return progress?.plan.basis?.from ?? intake.receivedAt.getTime();
}

/** Sends the task letters that are missing. With the record of a case, the link of its task is lost as well. */
async function mailMissing(deps: Deps, records: CaseRecord[], findings: Findings, beat: Beat): Promise<void> {
  const isUntouched = ({ progress }: CaseRecord): boolean =>
    progress?.stage === 'assigned' || progress?.stage === 'triage';
  const rewritten = await mapConcurrently(findings.rewritten, AT_ONCE, number =>
    deps.store.cases.get(number),
  );
  const waiting = [
    ...records.filter(record => !findings.rewritten.includes(record.caseNumber) && isUntouched(record)),
    ...rewritten
      .filter(record => record !== null)
      .filter(({ progress }) => progress !== null && isWithDepartment(progress.stage)),
  ];
  const begun = waiting.map(movedAt);
  if (begun.length === 0) return;
  const letters = await deps.store.outbox.departmentLetters(new Date(Math.min(...begun)));
  await mapConcurrently(waiting, AT_ONCE, record =>
    beat(record.caseNumber, async () => {
      const { caseNumber, progress } = record;
      if (!progress) return;
      const department = progress.plan.desk.slug;
      const sentAt = letters.get(`${caseNumber} department:${department}`)?.getTime() ?? 0;
      if (sentAt >= movedAt(record)) return;
      // Effect numbers of a case are positive. A repeated task letter uses the negative task number.
      await mailLetter(deps)({
        caseNumber,
        effect: -progress.task,
        order: { letter: 'task', to: 'department', department, task: progress.task },
      });
      findings.mailed.push(caseNumber);
    }),
  );
}

/** Sends one letter per set of new findings. */
async function tell({ letterOutbox, municipality }: Deps, findings: Findings): Promise<void> {
  const found = Object.values(findings).flat().sort();
  if (found.length === 0) return;
  const digest = createHash('sha256').update(found.join('\n')).digest('hex').slice(0, 16);
  await letterOutbox.send({
    key: `reconcile:${digest}`,
    recipient: 'operator',
    caseNumber: null,
    to: municipality.operator,
    letter: reconcileLetter(municipality, findings),
    thread: 'reconcile',
  });
}
