import type { Clock, FeedbackAnswer, Outcome } from '../domain/case/case';
import type { CaseFact } from '../domain/case/case-events';

/** A case as its audit trail tells it; facts in their order, times epoch ms UTC. */
export interface CaseStory {
  caseNumber: string;
  receivedAt: number;
  facts: readonly CaseFact[];
  rating: { rating: number; at: number } | null;
}

/** One department's turn with a case, as it stood at the moment of the report. */
export interface DeskTurn {
  desk: string;
  startedAt: number;
  /** When the department took the work: by accepting it, or by answering straight away. */
  acceptedAt: number | null;
  answeredAt: number | null;
  /** When a target ran out under the department. */
  overdueAt: Readonly<Record<'accept' | 'resolve', number | null>>;
  /** Times when it waited for the citizen or an institution; `to` is null while it lasts. */
  waits: { from: number; to: number | null }[];
}

/** What befell a case, each with the desk that had it. */
export interface Happening {
  at: number;
  desk: string | null;
}

export interface CaseReading {
  receivedAt: number;
  turns: DeskTurn[];
  /** The answer that stands; null while the case is open. */
  answer: (Happening & { outcome: Outcome }) | null;
  /** Every time a department said that the work is done, also when it was reopened later. */
  resolutions: Happening[];
  reopenings: Happening[];
  rungs: (Happening & { clock: Clock; level: number })[];
  opinions: (Happening & { answer: FeedbackAnswer })[];
  stars: (Happening & { rating: number }) | null;
}

/** Reads a story up to `until` (epoch ms UTC, exclusive): what a report of that moment may know. */
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
    case 'rejected':
    case 'handedOff':
      answer(reading, at, fact.type);
      break;
    case 'withdrawn':
      end(reading, at, 'withdrawn');
      break;
    case 'followed':
      // Whatever became of the other case: its department did the work once.
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
      // The rest of the story changes no figure.
      break;
  }
}

/** The department has answered, in whatever way. */
function answer(reading: CaseReading, at: number, outcome: Outcome): void {
  const turn = reading.turns.at(-1);
  if (turn) {
    turn.acceptedAt ??= at;
    turn.answeredAt = at;
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
