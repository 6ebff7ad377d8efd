import type { Clock } from '../domain/sla/sla';
import type { FeedbackAnswer, Outcome } from '../domain/case/case';
import type { CaseFact } from '../domain/case/case-events';

/** A case with its audit trail: facts in order, times in epoch ms UTC. */
export interface CaseStory {
  caseNumber: string;
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

export interface CaseReading {
  receivedAt: number;
  turns: DeskTurn[];
  /** The current outcome; null while the case is open. */
  answer: (Happening & { outcome: Outcome }) | null;
  /** Every result of a department, including those reopened later. */
  resolutions: Happening[];
  reopenings: Happening[];
  rungs: (Happening & { clock: Clock; level: number })[];
  opinions: (Happening & { answer: FeedbackAnswer })[];
  stars: (Happening & { rating: number }) | null;
}

/** Evaluates a story up to `until` (epoch ms UTC, exclusive), ignoring later facts. */
export function readStory({ receivedAt, facts, rating }: CaseStory, until: number): CaseReading {
  const reading: CaseReading = {
    receivedAt,
    turns: [],
    answer: null,
    resolutions: [],
    reopenings: [],
    rungs: [],
    opinions: [],
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
      reading.turns.push({
        desk: fact.desk,
        startedAt: at,
        acceptedAt: null,
        answeredAt: null,
        overdueAt: { accept: null, resolve: null },
        waits: [],
      });
      break;
    case 'accepted':
      if (turn) turn.acceptedAt = at;
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
      reading.answer = null;
      reading.reopenings.push({ at, desk });
      break;
    case 'feedback':
      reading.opinions.push({ at, desk, answer: fact.answer });
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

/** Any answer of the department counts. */
function answer(reading: CaseReading, at: number, outcome: Outcome): void {
  const turn = reading.turns.at(-1);
  if (turn) {
    turn.acceptedAt ??= at;
    // For planned work, the promised date is the answer. The result follows later (Law 3071, article 7).
    turn.answeredAt ??= at;
  }
  end(reading, at, outcome);
}

function end(reading: CaseReading, at: number, outcome: Outcome): void {
  const turn = reading.turns.at(-1);
  endWait(turn, at);
  reading.answer = { at, desk: turn?.desk ?? null, outcome };
}

function endWait(turn: DeskTurn | undefined, at: number): void {
  const wait = turn?.waits.at(-1);
  if (wait) wait.to ??= at;
}
