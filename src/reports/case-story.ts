import type { Clock } from '../domain/sla/sla';
import type { CaseKind, FeedbackAnswer, Outcome } from '../domain/case/case';
import type { CaseFact } from '../domain/case/case-events';
import type { CallEnd } from '../domain/case/citizen-call';
import type { HandOffEnd } from '../domain/case/hand-off';

/** How a report reached the line. */
export type ReportSource = 'whatsapp' | 'phone' | 'counter' | 'muhtar';

/** What a case is about, as corrected since, and what it cost to answer. No field names a person. Slugs. */
export interface CaseAbout {
  subject: string;
  neighbourhood: string | null;
  /** The institution outside the municipality that owns the matter. */
  institution: string | null;
  source: ReportSource;
  kind: CaseKind;
  /** The messages to the citizen, and those of them that were sent as a template. */
  messages: number;
  templates: number;
  /** When WhatsApp accepted the first of them, epoch ms UTC. */
  firstMessageAt: number | null;
}

/** A case with its audit trail: facts in order, times in epoch ms UTC. */
export interface CaseStory {
  caseNumber: string;
  about: CaseAbout;
  receivedAt: number;
  facts: readonly CaseFact[];
  rating: { rating: number; at: number } | null;
}

/** One department's task of a case, in its state at the end of the report's period. */
export interface DeskTurn {
  desk: string;
  startedAt: number;
  /** When the department accepted, or answered without accepting first. */
  acceptedAt: number | null;
  answeredAt: number | null;
  /** The first answer of the department. */
  outcome: Outcome | null;
  /** When the case was reopened after the answer. */
  reopenedAt: number | null;
  /** When a target of the department was breached. */
  overdueAt: Readonly<Record<'accept' | 'resolve', number | null>>;
  /** Pauses for the citizen or an institution. `to` is null for a current one. */
  waits: { from: number; to: number | null }[];
}

/** Events of a case, each with the responsible department. */
export interface Happening {
  at: number;
  desk: string | null;
}

/** An objection to the outcome of a case. `desk` is the department of the outcome. */
export interface Dispute extends Happening {
  /** The deadline of the decision; null until planned. */
  decideBy: number | null;
  end: { at: number; how: 'accepted' | 'confirmed' | 'withdrawn' } | null;
}

/** Planned work, from its promise `at` a time to its result or next promise. */
export interface Programme extends Happening {
  /** The promised date, epoch ms UTC. */
  by: number;
  endedAt: number | null;
}

/** An outcome, and when it no longer stood: because of a reopening, or of another outcome. */
export interface GivenAnswer extends Happening {
  outcome: Outcome;
  endedAt: number | null;
}

/** A hand-off to an institution. */
export interface HandedOff {
  institution: string;
  /** When the letter or our desk's task was on its way. */
  at: number;
  /** The institution's first answer: taken, done or not responsible. */
  answeredAt: number | null;
  end: { at: number; how: HandOffEnd } | null;
}

export interface CaseReading {
  receivedAt: number;
  turns: DeskTurn[];
  /** The last one stands unless it has ended. The case is open before and in between. */
  answers: GivenAnswer[];
  /** Every result of a department, including those reopened later. */
  resolutions: Happening[];
  reopenings: Happening[];
  disputes: Dispute[];
  programmes: Programme[];
  /** The last planned limit of Law 3071, epoch ms UTC. */
  legalBy: number | null;
  /** Every change of a promised date. */
  postponements: Happening[];
  /** Requests to phone the citizen because messages did not arrive. `end` is null for an open one. */
  calls: (Happening & { end: { at: number; how: CallEnd } | null })[];
  handOffs: HandedOff[];
  rungs: (Happening & { clock: Clock; level: number })[];
  opinions: (Happening & { answer: FeedbackAnswer })[];
  /** The number of answers and tasks before the last survey answer, which can be undone. */
  beforeOpinion: { answers: number; turns: number } | null;
  stars: (Happening & { rating: number }) | null;
}

/** Evaluates a story up to `until` (epoch ms UTC, exclusive), ignoring later facts. */
export function readStory(
  { receivedAt, facts, rating }: Omit<CaseStory, 'about'>,
  until = Infinity,
): CaseReading {
  const reading: CaseReading = {
    receivedAt,
    turns: [],
    answers: [],
    resolutions: [],
    reopenings: [],
    disputes: [],
    programmes: [],
    legalBy: null,
    postponements: [],
    calls: [],
    handOffs: [],
    rungs: [],
    opinions: [],
    beforeOpinion: null,
    stars: null,
  };
  for (const fact of facts) if (fact.at < until) take(reading, fact);
  if (rating && rating.at < until) {
    const turn = reading.turns.findLast(({ startedAt }) => startedAt <= rating.at);
    reading.stars = { ...rating, desk: turn?.desk ?? null };
  }
  return reading;
}

function take(reading: CaseReading, fact: CaseFact): void {
  const { at } = fact;
  const turn = reading.turns.at(-1);
  const desk = turn?.desk ?? null;
  switch (fact.type) {
    case 'planned':
      reading.legalBy = fact.legalBy;
      reading.turns.push({
        desk: fact.desk,
        startedAt: at,
        acceptedAt: null,
        answeredAt: null,
        outcome: null,
        reopenedAt: null,
        overdueAt: { accept: null, resolve: null },
        waits: [],
      });
      break;
    case 'accepted':
      if (turn) turn.acceptedAt ??= at;
      break;
    case 'paused':
      turn?.waits.push({ from: at, to: null });
      break;
    case 'resumed':
      endWait(turn, at);
      break;
    case 'resolved':
      reading.resolutions.push({ at, desk });
      answer(reading, at, fact.outcome ?? 'resolved');
      break;
    case 'plannedAhead':
      answer(reading, at, 'planned');
      reading.programmes.push({ at, desk, by: fact.plannedFor, endedAt: null });
      break;
    case 'planMoved':
      endProgramme(reading, at);
      reading.programmes.push({ at, desk, by: fact.plannedFor, endedAt: null });
      reading.postponements.push({ at, desk });
      break;
    case 'objected':
      reading.disputes.push({ at, desk: fact.desk, decideBy: null, end: null });
      break;
    case 'objectionPlanned': {
      const dispute = reading.disputes.at(-1);
      if (dispute) dispute.decideBy = fact.decideBy;
      break;
    }
    case 'overturned':
      endDispute(reading, at, 'accepted');
      break;
    case 'confirmed':
      endDispute(reading, at, 'confirmed');
      break;
    case 'objectionWithdrawn':
      endDispute(reading, at, 'withdrawn');
      break;
    case 'rejected':
    case 'handedOff':
      answer(reading, at, fact.type);
      break;
    case 'withdrawn':
      end(reading, at, 'withdrawn');
      break;
    case 'followed':
      // The work of a duplicate counts once, for the leading case.
      end(reading, at, 'duplicate');
      break;
    case 'rerouted':
    case 'reassigned':
      endWait(turn, at);
      break;
    case 'reopened':
      endAnswer(reading, at);
      endProgramme(reading, at);
      reading.reopenings.push({ at, desk });
      if (turn) turn.reopenedAt = at;
      break;
    case 'feedback':
      reading.opinions.push({ at, desk, answer: fact.answer });
      reading.beforeOpinion = { answers: reading.answers.length, turns: reading.turns.length };
      break;
    case 'answerUndone':
      undoOpinion(reading);
      break;
    case 'called':
      takeCall(reading, fact, desk);
      break;
    case 'handOff':
      takeHandOff(reading, fact);
      break;
    case 'returned':
      // The desk that sorts gets the case: it is open as if it had not been handed off.
      endAnswer(reading, at);
      break;
    case 'breached':
    case 'escalated':
      reading.rungs.push({ at, desk, clock: fact.clock, level: fact.level });
      if (turn && (fact.clock === 'accept' || fact.clock === 'resolve')) {
        turn.overdueAt = { ...turn.overdueAt, [fact.clock]: turn.overdueAt[fact.clock] ?? at - fact.lateMs };
      }
      break;
    default:
      // The remaining facts do not affect statistics.
      break;
  }
}

/** A repeated request belongs to the open call. A call without a number was never requested. */
function takeCall(
  { calls }: CaseReading,
  { at, step }: Extract<CaseFact, { type: 'called' }>,
  desk: string | null,
): void {
  const open = calls.findLast(({ end }) => end === null);
  if (step === 'notReached' || step === 'returned') return;
  if (step === 'asked') {
    if (!open) calls.push({ at, desk, end: null });
  } else if (open) {
    open.end = { at, how: step };
  } else {
    calls.push({ at, desk, end: { at, how: step } });
  }
}

function takeHandOff(
  { handOffs }: CaseReading,
  { at, step, institution }: Extract<CaseFact, { type: 'handOff' }>,
): void {
  const current = handOffs.at(-1);
  switch (step) {
    case 'mailed':
    case 'deskAsked':
      handOffs.push({ institution, at, answeredAt: null, end: null });
      break;
    case 'taken':
      if (current) current.answeredAt ??= at;
      break;
    case 'done':
    case 'notOurs':
      if (current) current.answeredAt ??= at;
      if (current) current.end = { at, how: step };
      break;
    case 'silent':
    case 'notPassedOn':
    case 'recalled':
      if (current) current.end = { at, how: step };
      break;
    case 'undelivered':
    case 'passedOn':
    case 'reminded':
    case 'deskReminded':
    case 'question':
    case 'replied':
      break;
  }
}

/** Any answer of the department counts. */
function answer(reading: CaseReading, at: number, outcome: Outcome): void {
  const turn = reading.turns.at(-1);
  if (turn) {
    turn.acceptedAt ??= at;
    if (turn.answeredAt === null) turn.outcome = outcome;
    // For planned work, the promised date is the answer. The result follows later (Law 3071, article 7).
    turn.answeredAt ??= at;
  }
  end(reading, at, outcome);
}

function end(reading: CaseReading, at: number, outcome: Outcome): void {
  const turn = reading.turns.at(-1);
  endWait(turn, at);
  endProgramme(reading, at);
  endAnswer(reading, at);
  reading.answers.push({ at, desk: turn?.desk ?? null, outcome, endedAt: null });
}

function endAnswer({ answers }: CaseReading, at: number): void {
  const standing = answers.at(-1);
  if (standing) standing.endedAt ??= at;
}

function endProgramme({ programmes }: CaseReading, at: number): void {
  const current = programmes.at(-1);
  if (current) current.endedAt ??= at;
}

/** Removes the last survey answer and its consequence: the reopening with its task, or the objection. */
function undoOpinion(reading: CaseReading): void {
  const { beforeOpinion, opinions, reopenings, disputes, turns } = reading;
  const opinion = opinions.pop();
  if (!opinion || !beforeOpinion) return;
  const isBefore = ({ at }: Happening): boolean => at < opinion.at;
  reading.answers = reading.answers.slice(0, beforeOpinion.answers);
  const standing = reading.answers.at(-1);
  if (standing && standing.endedAt !== null && standing.endedAt >= opinion.at) standing.endedAt = null;
  reading.turns = turns.slice(0, beforeOpinion.turns);
  const turn = reading.turns.at(-1);
  if (turn) turn.reopenedAt = null;
  reading.reopenings = reopenings.filter(isBefore);
  reading.disputes = disputes.filter(isBefore);
  reading.beforeOpinion = null;
}

function endDispute(
  { disputes }: CaseReading,
  at: number,
  how: 'accepted' | 'confirmed' | 'withdrawn',
): void {
  const dispute = disputes.at(-1);
  if (dispute) dispute.end ??= { at, how };
}

function endWait(turn: DeskTurn | undefined, at: number): void {
  const wait = turn?.waits.at(-1);
  if (wait) wait.to ??= at;
}
