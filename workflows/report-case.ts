import { ApplicationFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type Act, refusalOf } from '../src/domain/case/acts';
import { caseAttributes, localTime } from '../src/domain/case/temporal-ui';
import { carriedState, isEnded, type NewCase, newCaseState } from '../src/domain/case/case';
import { nextDeadline } from '../src/domain/case/case-clocks';
import { openedCase, openedEvent } from '../src/domain/case/case-life';
import { deadlineLabel } from '../src/domain/case/case-labels';
import { arrived, CaseRun, undelivered } from './case-run';
import {
  act,
  type AfterEnd,
  calendarChanged,
  called,
  citizenAdded,
  citizenCorrected,
  deliveryFailed,
  feedback,
  fromWire,
  handOffMoved,
  incidentMoved,
  leaderCorrected,
  leaderEnded,
  leaderPlanned,
  memberJoined,
  memberLeft,
  messageArrived,
  objection,
  recordAgain,
  type CitizenSays,
  type Objecting,
  undoAnswer,
  view,
  withdraw,
  type ReportCaseInput,
} from './messages';

/**
 * The workflow of one case, from its opening to its end. The workflow id is the case number. It always
 * completes: rejected and handed-off are outcomes, and a failed run indicates a bug.
 */
export async function reportCase(input: ReportCaseInput): Promise<void> {
  const { carried, taking, objecting, undoing, adding, correcting, told } = input;
  const opening = openingOf(input);
  const before = carried ? carriedState(opening, carried) : newCaseState(opening);
  const run = new CaseRun(before, caseAttributes(carried ? before : openedCase(opening)));

  if (!carried) {
    const passesOn = opening.institution !== null && !opening.incident && passesMattersOn();
    run.take({ ...openedEvent(opening), ...(passesOn && { passesOn }) });
  }
  if (taking && refusalOf(run.state, taking, Date.now()) === null) run.take({ type: 'acted', act: taking });
  if (objecting) object(run, objecting);
  if (undoing) undo(run, undoing);
  if (adding)
    run.take({ type: 'citizenAdded', ...fromWire(adding), ...(!adding.afterEnd && { reasons: true }) });
  if (correcting) run.take({ type: 'citizenCorrected', ...fromWire(correcting), late: true });
  // A message may already be waiting, so open the case before registering handlers.
  listenToPeople(run);
  listenToCases(run);
  if (told) await hearAfterEnd(run, told);

  // An objection can arrive while the last messages of an ended case are being sent.
  do {
    while (!isEnded(run.state.stage)) {
      if (workflowInfo().continueAsNewSuggested && run.isSettled && allHandlersFinished()) {
        await continueAsNew<typeof reportCase>({ opening: input.opening, carried: run.state });
      }
      await nextEvent(run);
    }
    await condition(() => run.isSettled && allHandlersFinished());
  } while (!isEnded(run.state.stage));
}

/** Hazards alarmed nobody in earlier versions. Call `patched` only for them, because it adds an event. */
function openingOf({ opening, carried }: ReportCaseInput): NewCase {
  const given = fromWire(opening);
  return carried || !given.hazard || patched('2026-11-duty') ? given : { ...given, hazard: false };
}

/** Whether a hand-off reaches the institution. Call this only for one, because it adds an event to the history. */
function passesMattersOn(): boolean {
  return patched('2026-11-hand-off');
}

function undo(run: CaseRun, { messageId, citizenId }: CitizenSays): void {
  if (citizenId === run.state.citizenId) run.takeInTime({ type: 'answerUndone', messageId });
}

function object(run: CaseRun, { citizenId, ...said }: Objecting): void {
  if (citizenId === run.state.citizenId) run.takeInTime({ type: 'objected', ...said });
}

async function hearAfterEnd(run: CaseRun, told: AfterEnd): Promise<void> {
  const { caseNumber } = run.state;
  switch (told.type) {
    case 'called':
    case 'handOffMoved':
      run.take(told);
      return;
    case 'notDelivered':
      run.take(await undelivered(caseNumber, told.undelivered, told.recipient ?? 'citizen'));
      return;
    case 'arrivedLate':
      run.take(await arrived(caseNumber, told.undelivered));
      return;
  }
}

/** Registers the messages of citizens, departments and managers. */
function listenToPeople(run: CaseRun): void {
  setHandler(view, () => run.state, { description: 'The current state of the case' });
  setHandler(
    citizenAdded,
    added => {
      const toDesk = run.state.stage === 'resolved' && patched('2026-11-words-after-result');
      run.take({ type: 'citizenAdded', ...fromWire(added), ...(toDesk && { toDesk }) });
    },
    { description: 'The citizen sent an addition' },
  );
  setHandler(
    citizenCorrected,
    said => {
      const passesOn = isHandOff({ action: 'correct', ...said }) && passesMattersOn();
      const late = isPastWork(run) && patched('2026-12-late-corrections');
      const places = placesFollowers(run, said) && patched('2026-12-followers-place');
      const ways = { ...(passesOn && { passesOn }), ...(late && { late }), ...(places && { places }) };
      run.takeInTime({ type: 'citizenCorrected', ...fromWire(said), ...ways });
    },
    { description: 'The citizen corrects the case' },
  );
  setHandler(
    feedback,
    ({ citizenId, with: sent, ...said }) => {
      if (citizenId !== run.state.citizenId) return;
      run.take({ type: 'feedback', ...said, ...(sent && { with: fromWire(sent) }) });
    },
    { description: 'The citizen answered the survey' },
  );
  setHandler(
    withdraw,
    ({ citizenId, messageId }) => {
      if (citizenId === run.state.citizenId) run.takeInTime({ type: 'withdrawn', messageId });
    },
    { description: 'The citizen withdraws the report' },
  );
  setHandler(undoAnswer, said => undo(run, said), { description: 'The citizen takes an answer back' });
  setHandler(objection, said => object(run, said), { description: 'The citizen objects to the outcome' });
  setHandler(
    act,
    async given => {
      run.letTimePass();
      refuse(run, given);
      const alarms = given.action === 'setPriority' && hasAlarm(run) && patched('2026-11-duty');
      const passesOn = isHandOff(given) && passesMattersOn();
      const guides = movesFollowers(run, given) && patched('2026-11-followers');
      const places = placesFollowers(run, given) && patched('2026-12-followers-place');
      const ways = { ...(alarms && { alarms }), ...(passesOn && { passesOn }), ...(guides && { guides }) };
      run.take({ type: 'acted', act: given, ...ways, ...(places && { places }) });
      await run.recorded();
      return run.state;
    },
    {
      description: 'An act of a department or manager',
      validator: (given: Act) => refuse(run, given),
    },
  );
}

/** Whether an act gives the matter to an institution. */
function isHandOff({ action, correction }: Pick<Act, 'action' | 'correction'>): boolean {
  return action === 'handOff' || (correction?.owner !== undefined && 'institution' in correction.owner);
}

/** Whether no desk works on the case itself: it follows another one, has a result or has ended. */
function isPastWork({ state: { stage } }: CaseRun): boolean {
  return stage === 'duplicate' || stage === 'resolved' || stage === 'objected' || isEnded(stage);
}

/** Whether a correction concerns those that follow, besides its subject. */
function movesFollowers({ state }: CaseRun, { correction }: Act): boolean {
  return state.members.length > 0 && (correction?.priority ?? correction?.owner) !== undefined;
}

/** Whether a correction of the place concerns those that follow. */
function placesFollowers({ state }: CaseRun, { correction }: Pick<Act, 'correction'>): boolean {
  return state.members.length > 0 && correction?.place !== undefined;
}

const hasAlarm = ({ state }: CaseRun): boolean => state.terms?.alarm !== undefined;

function refuse(run: CaseRun, given: Act): void {
  const refusal = refusalOf(run.state, given, Date.now());
  if (refusal) throw ApplicationFailure.nonRetryable(`refused: ${refusal}`, 'act-refused', refusal);
}

/** Registers the messages of other cases and of the line. */
function listenToCases(run: CaseRun): void {
  setHandler(memberJoined, ({ caseNumber }) => run.take({ type: 'memberJoined', member: caseNumber }), {
    description: 'Another case reports the same problem',
  });
  setHandler(memberLeft, ({ caseNumber }) => run.take({ type: 'memberLeft', member: caseNumber }), {
    description: 'A case no longer follows this one',
  });
  setHandler(leaderEnded, ended => run.take({ type: 'leaderEnded', ...ended }), {
    description: 'The leading case has ended',
  });
  setHandler(leaderPlanned, planned => run.take({ type: 'leaderPlanned', ...planned }), {
    description: 'The leading case has been planned for a later date',
  });
  setHandler(leaderCorrected, corrected => run.take({ type: 'leaderCorrected', ...corrected }), {
    description: 'The subject of the leading case has been corrected',
  });
  setHandler(calendarChanged, () => run.takeInTime({ type: 'calendarChanged' }), {
    description: 'The calendar has changed',
  });
  setHandler(incidentMoved, () => run.take({ type: 'incidentMoved' }), {
    description: 'The end of the incident has changed',
  });
  setHandler(called, news => run.take({ type: 'called', news }), {
    description: 'The call that replaces undelivered messages has a new state',
  });
  setHandler(handOffMoved, news => run.take({ type: 'handOffMoved', news }), {
    description: 'The hand-off to an institution has a new state',
  });
  setHandler(recordAgain, () => run.recordAgain(), { description: 'The record of the case is older' });
  setHandler(
    deliveryFailed,
    async ({ undelivered: effect, recipient }) =>
      run.take(await undelivered(run.state.caseNumber, effect, recipient ?? 'citizen')),
    { description: 'A message to the citizen or a letter failed' },
  );
  setHandler(
    messageArrived,
    async ({ undelivered: effect }) => run.take(await arrived(run.state.caseNumber, effect)),
    { description: 'A failed message to the citizen was delivered' },
  );
}

/** Waits for an event or the nearest deadline, and then applies passed deadlines. */
async function nextEvent(run: CaseRun): Promise<void> {
  const next = nextDeadline(run.state);
  const moved = (): boolean => isEnded(run.state.stage) || nextDeadline(run.state)?.at !== next?.at;
  if (!next) {
    await condition(moved);
    return;
  }
  const summary = `${deadlineLabel(next.due)} – ${localTime(next.at, run.state.plan.utcOffsetMinutes)}`;
  const wasMoved = await condition(moved, Math.max(next.at - Date.now(), 1), { summary });
  if (!wasMoved) run.takeTime();
}
