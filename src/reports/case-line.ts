import type { FeedbackAnswer, Outcome } from '../domain/case/case';
import type { CallEnd } from '../domain/case/citizen-call';
import { type BusinessCalendar, businessMinutesBetween } from '../domain/sla/business-calendar';
import type { Clock } from '../domain/sla/sla';
import {
  type CaseAbout,
  type CaseReading,
  type CaseStory,
  type DeskTurn,
  type Dispute,
  type HandedOff,
  type Happening,
  readStory,
} from './case-story';

/** A department's task in a line: its course, and its business minutes without pauses. */
export interface LineTurn extends Omit<DeskTurn, 'waits'> {
  /** From the task to its acceptance and to its answer; null without one. */
  acceptMinutes: number | null;
  resolveMinutes: number | null;
}

/**
 * One case as the statistics read it: what it is about, and every time at which something counted happened, in epoch ms
 * UTC on whole seconds. It names neither the case nor a person, message or act, so it outlasts their erasure.
 */
export interface CaseLine
  extends
    CaseAbout,
    Omit<CaseReading, 'turns' | 'beforeOpinion' | 'opinions' | 'rungs' | 'stars' | 'calls' | 'disputes'> {
  turns: LineTurn[];
  disputes: Dispute[];
  calls: (Happening & { end: { at: number; how: CallEnd } | null })[];
  rungs: (Happening & { clock: Clock; level: number })[];
  opinions: (Happening & { answer: FeedbackAnswer })[];
  stars: (Happening & { rating: number }) | null;
}

/**
 * Returns the line of a case. Minutes are those of each department's calendar as it is known now. Facts after `until`
 * (epoch ms UTC) are ignored.
 */
export function lineOf(
  story: CaseStory,
  calendarOf: (desk: string) => BusinessCalendar,
  until = Infinity,
): CaseLine {
  const { beforeOpinion: _, turns, ...reading } = readStory(story, until);
  const lines = turns.map(({ waits, ...turn }): LineTurn => {
    const minutes = (end: number | null): number | null =>
      end === null ? null : workingMinutes({ ...turn, waits }, end, calendarOf(turn.desk));
    return {
      ...turn,
      acceptMinutes: minutes(turn.acceptedAt),
      resolveMinutes: minutes(turn.answeredAt),
    };
  });
  return inSeconds({ ...story.about, ...reading, turns: lines });
}

function workingMinutes({ startedAt, waits }: DeskTurn, end: number, calendar: BusinessCalendar): number {
  const waited = waits
    .filter(({ from }) => from < end)
    .map(({ from, to }) => businessMinutesBetween(calendar, from, Math.min(to ?? end, end)));
  const minutes = businessMinutesBetween(calendar, startedAt, end);
  return Math.round((minutes - waited.reduce((sum, each) => sum + each, 0)) * 60) / 60;
}

/** Cuts every time to its second. Periods begin and end on whole seconds, so nothing moves into another one. */
function inSeconds(line: CaseLine): CaseLine {
  return decodeLine(encodeLine(line));
}

/** Seconds after the receipt of the case; null stays. */
type Seconds = number | null;
type Desk = string | null;

/** A line as an array: times are seconds after its first element, which is the receipt in epoch seconds. */
type EncodedLine = [
  receivedAt: number,
  about: [
    subject: string,
    neighbourhood: string | null,
    institution: string | null,
    source: CaseAbout['source'],
    kind: CaseAbout['kind'],
    messages: number,
    templates: number,
    firstMessageAt: Seconds,
  ],
  legalBy: Seconds,
  turns: [
    desk: string,
    startedAt: Seconds,
    acceptedAt: Seconds,
    answeredAt: Seconds,
    outcome: Outcome | null,
    reopenedAt: Seconds,
    acceptOverdue: Seconds,
    resolveOverdue: Seconds,
    acceptSeconds: number | null,
    resolveSeconds: number | null,
  ][],
  answers: [at: Seconds, desk: Desk, outcome: Outcome, endedAt: Seconds][],
  resolutions: [at: Seconds, desk: Desk][],
  opinions: [at: Seconds, desk: Desk, answer: FeedbackAnswer][],
  stars: [at: Seconds, desk: Desk, rating: number] | null,
  rungs: [at: Seconds, desk: Desk, clock: Clock, level: number][],
  /** What most cases do not have; absent without any. */
  rare?: {
    reopenings: readonly (readonly [at: Seconds, desk: Desk])[];
    postponements: readonly (readonly [at: Seconds, desk: Desk])[];
    programmes: readonly (readonly [at: Seconds, desk: Desk, by: Seconds, endedAt: Seconds])[];
    disputes: readonly (readonly [at: Seconds, desk: Desk, decideBy: Seconds, ...End<EndOf<Dispute>>])[];
    calls: readonly (readonly [at: Seconds, desk: Desk, ...End<CallEnd>])[];
    handOffs: readonly (readonly [
      at: Seconds,
      institution: string,
      answeredAt: Seconds,
      ...End<EndOf<HandedOff>>,
    ])[];
  },
];

type End<How> = readonly [] | readonly [at: Seconds, how: How];
type EndOf<Ended extends { end: { how: unknown } | null }> = NonNullable<Ended['end']>['how'];

/** Returns a line as an array, a quarter of its size as an object. */
export function encodeLine(line: CaseLine): EncodedLine {
  const start = Math.floor(line.receivedAt / 1_000);
  const rel = (at: number | null): Seconds => (at === null ? null : Math.floor(at / 1_000) - start);
  const when = ({ at, desk }: Happening): [Seconds, Desk] => [rel(at), desk];
  const endOf = <How>(end: { at: number; how: How } | null): End<How> => (end ? [rel(end.at), end.how] : []);
  const { stars, reopenings, postponements, programmes, disputes, calls, handOffs } = line;
  const rare = [reopenings, postponements, programmes, disputes, calls, handOffs];
  return [
    start,
    [
      ...([line.subject, line.neighbourhood, line.institution, line.source, line.kind] as const),
      ...([line.messages, line.templates, rel(line.firstMessageAt)] as const),
    ],
    rel(line.legalBy),
    line.turns.map(turn => [
      ...([turn.desk, rel(turn.startedAt), rel(turn.acceptedAt), rel(turn.answeredAt)] as const),
      ...([turn.outcome, rel(turn.reopenedAt)] as const),
      ...([rel(turn.overdueAt.accept), rel(turn.overdueAt.resolve)] as const),
      ...([secondsOf(turn.acceptMinutes), secondsOf(turn.resolveMinutes)] as const),
    ]),
    line.answers.map(answer => [...when(answer), answer.outcome, rel(answer.endedAt)]),
    line.resolutions.map(when),
    line.opinions.map(opinion => [...when(opinion), opinion.answer]),
    stars && [...when(stars), stars.rating],
    line.rungs.map(rung => [...when(rung), rung.clock, rung.level]),
    ...(rare.every(each => each.length === 0)
      ? ([] as const)
      : ([
          {
            reopenings: reopenings.map(when),
            postponements: postponements.map(when),
            programmes: programmes.map(each => [...when(each), rel(each.by), rel(each.endedAt)] as const),
            disputes: disputes.map(each => [...when(each), rel(each.decideBy), ...endOf(each.end)] as const),
            calls: calls.map(each => [...when(each), ...endOf(each.end)] as const),
            handOffs: handOffs.map(
              each => [rel(each.at), each.institution, rel(each.answeredAt), ...endOf(each.end)] as const,
            ),
          },
        ] as const)),
  ];
}

const secondsOf = (minutes: number | null): number | null =>
  minutes === null ? null : Math.round(minutes * 60);
const minutesOf = (seconds: number | null): number | null => (seconds === null ? null : seconds / 60);

/** Most lists of most lines are empty. One array for all of them halves the time to decode a year. */
const none: never[] = [];

function each<From, To>(items: readonly From[] | undefined, to: (item: From) => To): To[] {
  return items === undefined || items.length === 0 ? none : items.map(to);
}

/** Returns the line of its encoded form. */
function decodeLine(encoded: EncodedLine): CaseLine {
  const [start, about, legalBy, turns, answers, resolutions, opinions, stars, rungs, rare] = encoded;
  const abs = (seconds: Seconds): number => (start + (seconds ?? 0)) * 1_000;
  const orNull = (seconds: Seconds): number | null => (seconds === null ? null : abs(seconds));
  const when = (item: readonly [Seconds, Desk, ...unknown[]]): Happening => ({
    at: abs(item[0]),
    desk: item[1],
  });
  const endOf = <How>(at?: Seconds, how?: How): { at: number; how: How } | null =>
    at === undefined || how === undefined ? null : { at: abs(at), how };
  return {
    subject: about[0],
    neighbourhood: about[1],
    institution: about[2],
    source: about[3],
    kind: about[4],
    messages: about[5],
    templates: about[6],
    firstMessageAt: orNull(about[7]),
    receivedAt: start * 1_000,
    legalBy: orNull(legalBy),
    turns: each(turns, turn => ({
      desk: turn[0],
      startedAt: abs(turn[1]),
      acceptedAt: orNull(turn[2]),
      answeredAt: orNull(turn[3]),
      outcome: turn[4],
      reopenedAt: orNull(turn[5]),
      overdueAt: { accept: orNull(turn[6]), resolve: orNull(turn[7]) },
      acceptMinutes: minutesOf(turn[8]),
      resolveMinutes: minutesOf(turn[9]),
    })),
    answers: each(answers, ([at, desk, outcome, endedAt]) => ({
      at: abs(at),
      desk,
      outcome,
      endedAt: orNull(endedAt),
    })),
    resolutions: each(resolutions, when),
    opinions: each(opinions, ([at, desk, answer]) => ({ at: abs(at), desk, answer })),
    stars: stars && { at: abs(stars[0]), desk: stars[1], rating: stars[2] },
    rungs: each(rungs, ([at, desk, clock, level]) => ({ at: abs(at), desk, clock, level })),
    reopenings: each(rare?.reopenings, when),
    postponements: each(rare?.postponements, when),
    programmes: each(rare?.programmes, ([at, desk, by, endedAt]) => ({
      at: abs(at),
      desk,
      by: abs(by),
      endedAt: orNull(endedAt),
    })),
    disputes: each(rare?.disputes, ([at, desk, decideBy, endAt, how]) => ({
      at: abs(at),
      desk,
      decideBy: orNull(decideBy),
      end: endOf(endAt, how),
    })),
    calls: each(rare?.calls, ([at, desk, endAt, how]) => ({ at: abs(at), desk, end: endOf(endAt, how) })),
    handOffs: each(rare?.handOffs, ([at, institution, answeredAt, endAt, how]) => ({
      at: abs(at),
      institution,
      answeredAt: orNull(answeredAt),
      end: endOf(endAt, how),
    })),
  };
}

/**
 * Returns when something of a case last counted, epoch ms UTC; null while the case is open, or an objection, promise,
 * call or hand-off of it waits.
 */
export function untilOf(line: CaseLine): number | null {
  const { answers, programmes, disputes, calls, handOffs, turns, rungs, stars, opinions } = line;
  const answer = answers.at(-1);
  if (!answer || answer.endedAt !== null) return null;
  if (programmes.some(({ endedAt }) => endedAt === null)) return null;
  if ([...disputes, ...calls, ...handOffs].some(({ end }) => end === null)) return null;
  const times = [
    ...[line.receivedAt, line.legalBy, answer.at, stars?.at],
    ...turns.flatMap(({ overdueAt }) => [overdueAt.accept, overdueAt.resolve]),
    ...[...rungs, ...opinions, ...line.reopenings, ...line.postponements].map(({ at }) => at),
    ...[...disputes, ...calls, ...handOffs].map(({ end }) => end?.at),
    ...handOffs.map(({ answeredAt }) => answeredAt),
  ];
  return Math.max(...times.map(at => at ?? 0));
}

/** Returns the lines of stored rows. */
export function decodeLines(rows: readonly unknown[]): CaseLine[] {
  return rows.map(row => decodeLine(row as EncodedLine));
}
