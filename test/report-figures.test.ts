import fc from 'fast-check';
import type { BusinessCalendar } from '../src/domain/sla/business-calendar';
import type { CaseFact } from '../src/domain/case/case-events';
import { type CaseLine, decodeLines, encodeLine, lineOf } from '../src/reports/case-line';
import type { CaseStory } from '../src/reports/case-story';
import { csvOf, reportRows, reportTable } from '../src/reports/report-table';
import { figuresBy, figuresOf } from '../src/reports/figure-groups';
import { type Figures, quantile } from '../src/reports/figures';
import { reportOf } from '../src/reports/report';
import { about, DAY, HOUR, MINUTE, T0 } from './support/cases';

const desks = ['roads', 'parks', 'police'];
const allDay = [{ from: 0, to: 1440 }];
const always: BusinessCalendar = {
  name: 'always',
  week: Array.from({ length: 7 }, () => allDay),
  exceptions: new Map(),
  offsetMinutesAt: () => 180,
};
const office: BusinessCalendar = {
  ...always,
  name: 'office',
  week: Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from: 540, to: 1020 }] : [])),
};
const period = { from: T0 + 10 * DAY, to: T0 + 20 * DAY };

type Bare = CaseFact extends infer Fact ? (Fact extends { at: number } ? Omit<Fact, 'at'> : never) : never;

const planned = (desk: string): Bare => ({
  type: 'planned',
  desk,
  acceptBy: 0,
  resolveBy: 0,
  legalBy: 0,
  calendarVersion: 'test',
});
const act = { actionId: 'a' };
const rung = (
  type: 'breached' | 'escalated',
  clock: 'accept' | 'resolve' | 'legal',
  level: number,
  lateMs: number,
): Bare => ({
  type,
  clock,
  level,
  to: 'chief',
  lateMs,
});

/** Events that may follow a plan, in a valid order. */
const middle = fc.array(
  fc.constantFrom<Bare[]>(
    [{ type: 'accepted', ...act, desk: 'x' }],
    [rung('breached', 'accept', 1, 0)],
    [rung('breached', 'resolve', 1, 0), rung('escalated', 'resolve', 2, HOUR)],
    [rung('escalated', 'legal', 2, 0)],
    [
      { type: 'paused', stage: 'waitingCitizen', until: null, desk: 'x' },
      { type: 'resumed', reason: 'answered', pausedMs: 0, desk: 'x' },
    ],
    [{ type: 'noted', ...act, desk: 'x' }],
  ),
  { maxLength: 4 },
);
const ending = fc.constantFrom<Bare[]>(
  [],
  [{ type: 'paused', stage: 'waitingInstitution', until: null, desk: 'x' }],
  [{ type: 'resolved', ...act, desk: 'x' }],
  [
    { type: 'resolved', ...act, desk: 'x', outcome: 'planned' },
    { type: 'feedback', messageId: 'm', answer: 'solved' },
  ],
  [{ type: 'rejected', ...act, desk: 'x' }],
  [{ type: 'handedOff', institution: 'aski', ...act, desk: 'x' }],
  [{ type: 'withdrawn', messageId: 'm' }],
  [{ type: 'followed', leader: 'PK-0000-0002', outcome: 'resolved', leaderActionId: null }],
);
const turn = fc.tuple(fc.constantFrom(...desks), middle, ending);
const onward: Record<string, Bare[]> = {
  sent: [{ type: 'rerouted', ...act, from: 'x', to: 'y' }],
  reopened: [
    { type: 'feedback', messageId: 'm', answer: 'unsolved' },
    { type: 'reopened', count: 1 },
  ],
};
const isAnswer = ({ type }: Pick<CaseFact, 'type'>): boolean =>
  ['resolved', 'rejected', 'handedOff', 'withdrawn', 'followed'].includes(type);

const story = fc
  .record({
    receivedAfter: fc.integer({ min: 0, max: 22 * 86_400 }).map(seconds => seconds * 1_000),
    turns: fc.array(turn, { maxLength: 4 }),
    gaps: fc.infiniteStream(fc.integer({ min: 1, max: 2 * 86_400 }).map(seconds => seconds * 1_000)),
    stars: fc.option(
      fc.record({
        rating: fc.integer({ min: 1, max: 5 }),
        after: fc.integer({ min: 0, max: 9 * 86_400 }).map(seconds => seconds * 1_000),
      }),
    ),
  })
  .map(({ receivedAfter, turns, gaps, stars }): CaseStory => {
    const receivedAt = T0 + receivedAfter;
    const bare: Bare[] = [{ type: 'opened', desk: 'x' }];
    turns.forEach(([desk, during, end], place) => {
      bare.push(planned(desk), ...during.flat(), ...end);
      if (place + 1 < turns.length)
        bare.push(...(end.some(isAnswer) ? (onward['reopened'] ?? []) : (onward['sent'] ?? [])));
    });
    let at = receivedAt;
    const facts = bare.map((fact): CaseFact => {
      at += gaps.next().value;
      return { at, ...fact };
    });
    const rating = stars && { rating: stars.rating, at: receivedAt + stars.after };
    return { caseNumber: 'PK-0000-0001', about, receivedAt, facts, rating };
  });

/** Reference implementation: computes each figure by a separate pass over the facts. */
function recount(stories: readonly CaseStory[], desk: string | null) {
  const isIn = (at: number): boolean => at >= period.from && at < period.to;
  const known = stories
    .filter(({ receivedAt }) => receivedAt < period.to)
    .map(({ receivedAt, facts, rating }) => {
      let lastDesk: string | null = null;
      let segment = -1;
      return {
        receivedAt,
        rating,
        facts: facts
          .filter(({ at }) => at < period.to)
          .map(fact => {
            if (fact.type === 'planned') [lastDesk, segment] = [fact.desk, segment + 1];
            return { fact, desk: lastDesk, segment };
          }),
      };
    });
  const everything = known.flatMap(({ facts }) => facts);
  const ours = everything.filter(row => desk === null || row.desk === desk);
  const now = ours.filter(({ fact }) => isIn(fact.at));
  const count = (type: CaseFact['type']): number => now.filter(({ fact }) => fact.type === type).length;
  const levels = (level: number): number =>
    now.filter(
      ({ fact }) => 'level' in fact && 'clock' in fact && fact.clock !== 'legal' && fact.level === level,
    ).length;
  const isOpen = ({ facts }: (typeof known)[number]): boolean => {
    const marks = facts.filter(({ fact }) => isAnswer(fact) || fact.type === 'reopened');
    return (
      marks.at(-1)?.fact.type !== marks.findLast(({ fact }) => isAnswer(fact))?.fact.type ||
      marks.length === 0
    );
  };
  const open = known.filter(one => isOpen(one) && (desk === null || one.facts.at(-1)?.desk === desk));

  const segments = known.flatMap(({ facts }) =>
    [...new Set(facts.map(({ segment }) => segment))]
      .filter(segment => segment >= 0)
      .map(segment => facts.filter(row => row.segment === segment)),
  );
  const mine = segments.filter(rows => desk === null || rows[0]?.desk === desk);
  const decided = (clock: 'accept' | 'resolve') => {
    const ends =
      clock === 'accept'
        ? ['accepted', 'resolved', 'rejected', 'handedOff']
        : ['resolved', 'rejected', 'handedOff'];
    let [onTime, late] = [0, 0];
    const spans: number[] = [];
    for (const rows of mine) {
      const overdue = rows.map(({ fact }) => fact).find(fact => 'lateMs' in fact && fact.clock === clock);
      const firstAccept = rows.find(({ fact }) => fact.type === 'accepted');
      const answered = rows.find(
        ({ fact }) => ends.slice(1).includes(fact.type) || (clock === 'resolve' && ends.includes(fact.type)),
      );
      const done = clock === 'accept' ? (firstAccept ?? answered) : answered;
      if (overdue && 'lateMs' in overdue) late += isIn(overdue.at - overdue.lateMs) ? 1 : 0;
      else if (done && isIn(done.fact.at)) {
        const { type, ...about } = done.fact;
        const isApart = type !== 'resolved' || ('outcome' in about && about.outcome === 'planned');
        if (clock === 'accept') onTime += 1;
        else if (rows.some(({ fact }) => fact.type === 'reopened')) late += 1;
        else if (!isApart) onTime += 1;
      }
      if (!done || !isIn(done.fact.at)) continue;
      let ms = done.fact.at - (rows[0]?.fact.at ?? 0);
      let pausedAt: number | null = null;
      for (const { fact } of rows) {
        if (fact.type === 'paused') pausedAt = fact.at;
        if (pausedAt !== null && (fact.type === 'resumed' || isAnswer(fact))) {
          ms -= Math.max(0, Math.min(fact.at, done.fact.at) - Math.min(pausedAt, done.fact.at));
          pausedAt = null;
        }
      }
      spans.push(ms / MINUTE);
    }
    return { onTime, late, spans: spans.sort((a, b) => a - b) };
  };
  const accept = decided('accept');
  const resolve = decided('resolve');
  const middleOf = (sorted: number[]): number | null =>
    sorted.length === 0
      ? null
      : ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) +
          (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) /
        2;
  return {
    received: known.filter(({ receivedAt, facts }) => {
      const came = desk === null ? receivedAt : facts.find(row => row.desk === desk)?.fact.at;
      return came !== undefined && isIn(came);
    }).length,
    open: open.length,
    accept: { onTime: accept.onTime, late: accept.late },
    resolve: { onTime: resolve.onTime, late: resolve.late },
    acceptMedian: middleOf(accept.spans),
    resolveMedian: middleOf(resolve.spans),
    breaches: [levels(1), levels(2)],
    legalWarnings: now.filter(({ fact }) => 'clock' in fact && fact.clock === 'legal').length,
    resolutions: count('resolved'),
    reopened: count('reopened'),
    feedback: count('feedback'),
    rated: known.filter(({ facts, rating }) => {
      if (!rating || !isIn(rating.at)) return false;
      const holder = facts.findLast(({ fact }) => fact.type === 'planned' && fact.at <= rating.at)?.desk;
      return desk === null || holder === desk;
    }).length,
    oldest:
      open.length === 0 ? null : Math.max(...open.map(({ receivedAt }) => (period.to - receivedAt) / DAY)),
  };
}

const comparable = (figures: Figures) => ({
  received: figures.received,
  open: figures.open,
  accept: figures.accept,
  resolve: figures.resolve,
  acceptMedian: figures.acceptMinutes.median,
  resolveMedian: figures.resolveMinutes.median,
  breaches: [figures.breaches['1'] ?? 0, figures.breaches['2'] ?? 0],
  legalWarnings: figures.legalWarnings,
  resolutions: figures.resolutions,
  reopened: figures.reopened,
  feedback: Object.values(figures.opinions).reduce((sum, number) => sum + number, 0),
  rated: figures.ratings.count,
  oldest: figures.backlog.oldest,
});

const close = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' ? Number(part.toFixed(6)) : part)),
  );

test('every figure equals a recount from the raw facts, for the town and each department', () => {
  fc.assert(
    fc.property(fc.array(story, { maxLength: 12 }), stories => {
      const lines = stories.map(one => lineOf(one, () => always));
      for (const desk of [null, ...desks]) {
        const figures = figuresOf(lines, period, desk === null ? {} : { department: desk });
        expect(close(comparable(figures))).toEqual(close(recount(stories, desk)));
        const groups = figures.backlog.groups.reduce((sum, number) => sum + number, 0);
        expect(groups).toBe(figures.open);
      }
    }),
    { numRuns: 300 },
  );
});

function told(receivedAt: number, ...facts: [number, Bare][]): CaseStory {
  return {
    caseNumber: 'PK-0000-0001',
    about,
    receivedAt,
    facts: facts.map(([at, fact]) => ({ at, ...fact })),
    rating: null,
  };
}

const linesOf = (...stories: CaseStory[]): CaseLine[] => stories.map(one => lineOf(one, () => always));

const figuresNow = (desk: string | null, ...stories: CaseStory[]): Figures =>
  figuresOf(
    stories.map(one => lineOf(one, () => office)),
    period,
    desk === null ? {} : { department: desk },
  );

test('minutes are business minutes of the department without pauses', () => {
  // Monday 7 December 2026, 16:00 in Istanbul.
  const monday = Date.UTC(2026, 11, 7, 13);
  const figures = figuresNow(
    'roads',
    told(
      monday,
      [monday, planned('roads')],
      [monday + 30 * MINUTE, { type: 'accepted', ...act, desk: 'roads' }],
      [monday + 18 * HOUR, { type: 'paused', stage: 'waitingCitizen', until: null, desk: 'roads' }],
      [monday + 20 * HOUR, { type: 'resumed', reason: 'answered', pausedMs: 0, desk: 'roads' }],
      [monday + 21 * HOUR, { type: 'resolved', ...act, desk: 'roads' }],
    ),
  );
  // 16:00 to 17:00, then 9:00 to 13:00 without 10:00 to 12:00.
  expect(figures.acceptMinutes).toMatchObject({ count: 1, median: 30 });
  expect(figures.resolveMinutes).toMatchObject({ count: 1, median: 180 });
});

test('a case reopened before the end of the period counts as open, not as answered', () => {
  const at = period.from + DAY;
  const facts: [number, Bare][] = [
    [at, planned('roads')],
    [at + HOUR, { type: 'resolved', ...act, desk: 'roads' }],
  ];
  expect(figuresNow('roads', told(at, ...facts))).toMatchObject({ open: 0, answered: { resolved: 1 } });
  const reopened = told(at, ...facts, [at + 2 * HOUR, { type: 'reopened', count: 1 }]);
  expect(figuresNow('roads', reopened)).toMatchObject({ open: 1, answered: {}, resolutions: 1, reopened: 1 });
});

test('a case of another institution counts as answered, but for no department', () => {
  const at = period.from + DAY;
  const handed = told(
    at,
    [at, { type: 'opened', desk: 'roads' }],
    [at, { type: 'handedOff', institution: 'aski' }],
  );
  expect(figuresNow(null, handed)).toMatchObject({ received: 1, answered: { handedOff: 1 } });
  expect(figuresNow('roads', handed)).toMatchObject({ received: 0, answered: {} });
});

test.each<[string, Bare[], { onTime: number; late: number }]>([
  ['a result is in time', [{ type: 'resolved', ...act, desk: 'roads' }], { onTime: 1, late: 0 }],
  ['a rejection is counted apart', [{ type: 'rejected', ...act, desk: 'roads' }], { onTime: 0, late: 0 }],
  [
    'so is a hand-off',
    [{ type: 'handedOff', institution: 'aski', ...act, desk: 'roads' }],
    { onTime: 0, late: 0 },
  ],
  [
    'so is a promised date',
    [{ type: 'plannedAhead', ...act, desk: 'roads', plannedFor: 0, precision: 'day' }],
    { onTime: 0, late: 0 },
  ],
  [
    'a result that was reopened was not in time',
    [
      { type: 'resolved', ...act, desk: 'roads' },
      { type: 'reopened', count: 1 },
    ],
    { onTime: 0, late: 1 },
  ],
])('in the share in time, %s', (_what, facts, resolve) => {
  const at = period.from + DAY;
  const course = told(
    at,
    [at, planned('roads')],
    ...facts.map((fact, i): [number, Bare] => [at + (i + 1) * HOUR, fact]),
  );
  expect(figuresNow('roads', course)).toMatchObject({ resolve });
});

test('a target counts as missed when it passed, not when somebody was told', () => {
  const at = period.to - DAY;
  const told10 = told(
    at,
    [at, planned('roads')],
    [period.to + 5 * MINUTE, rung('breached', 'accept', 1, 10 * MINUTE)],
  );
  expect(figuresNow('roads', told10)).toMatchObject({ accept: { onTime: 0, late: 1 }, breaches: {} });
});

describe('the limit of Law 3071', () => {
  const at = period.from;
  const legalBy = at + 5 * DAY;
  const resolved: Bare = { type: 'resolved', ...act, desk: 'roads' };
  const again: Bare = { type: 'reopened', count: 1 };
  const ahead: Bare = { ...{ type: 'plannedAhead', ...act, desk: 'roads' }, plannedFor: 0, precision: 'day' };
  test.each<[string, [number, Bare][], object]>([
    ['is kept by a result in time', [[at + DAY, resolved]], { onTime: 1, late: 0 }],
    ['is missed without an answer', [], { onTime: 0, late: 1 }],
    ['is missed by a later answer', [[legalBy + 1_000, resolved]], { onTime: 0, late: 1 }],
    [
      'is missed by an answer that was reopened',
      [
        [at + DAY, resolved],
        [legalBy + DAY, again],
      ],
      { onTime: 0, late: 1 },
    ],
    ['is not decided by a promised date', [[at + DAY, ahead]], { onTime: 0, late: 0 }],
    [
      'stays kept when the promised work is done later',
      [
        [at + DAY, ahead],
        [legalBy + DAY, resolved],
      ],
      { onTime: 0, late: 0 },
    ],
    [
      'is not decided by a rejection',
      [[at + DAY, { type: 'rejected', ...act, desk: 'roads' }]],
      { onTime: 0, late: 0 },
    ],
  ])('%s', (_, facts, legal) => {
    const one = told(at, [at, { ...planned('roads'), legalBy } as Bare], ...facts);
    expect(figuresNow('roads', one)).toMatchObject({ legal });
    expect(figuresNow(null, one)).toMatchObject({ legal });
  });
});

test('figures of any period from whole rows equal those from the facts before its end', () => {
  fc.assert(
    fc.property(fc.array(story, { maxLength: 8 }), fc.integer({ min: 0, max: 30 }), (stories, day) => {
      const until = { from: T0 + 3 * DAY, to: T0 + (3 + day) * DAY };
      const known = stories.filter(({ receivedAt }) => receivedAt < until.to);
      const whole = known.map(one => lineOf(one, () => office));
      const cut = known.map(one => lineOf(one, () => office, until.to));
      expect(figuresOf(whole, until)).toEqual(figuresOf(cut, until));
      for (const by of ['department', 'outcome'] as const)
        expect(figuresBy(whole, until, by)).toEqual(figuresBy(cut, until, by));
    }),
  );
});

test('the rows of a case are what its line says, in under 200 bytes for most', () => {
  fc.assert(
    fc.property(story, one => {
      const line = lineOf(one, () => office);
      expect(decodeLines(JSON.parse(JSON.stringify([encodeLine(line)])) as unknown[])).toEqual([line]);
    }),
  );
  const line = lineOf(resolvedBy('roads', false), () => office);
  expect(JSON.stringify(encodeLine(line)).length).toBeLessThan(200);
});

test('a follower counts as a duplicate, whatever the outcome of its leading case', () => {
  const at = period.from + DAY;
  const followed = told(
    at,
    [at, planned('roads')],
    [at + HOUR, { type: 'followed', leader: 'PK-0000-0002', outcome: 'resolved', leaderActionId: null }],
  );
  expect(figuresNow('roads', followed)).toMatchObject({
    answered: { duplicate: 1 },
    resolve: { onTime: 0, late: 0 },
  });
});

describe('counted apart from the clocks of the departments', () => {
  const at = period.from + DAY;
  const rejected: Bare = { type: 'rejected', ...act, desk: 'roads' };
  const objected: Bare = {
    ...{ type: 'objected', messageId: 'm', count: 1, to: 'chief', outcome: 'rejected', desk: 'roads' },
  };
  const decideBy = (by: number): Bare => ({
    type: 'objectionPlanned',
    decideBy: by,
    calendarVersion: 'test',
  });
  const decision = { actionId: 'd', by: 'chief' as const };
  const disputed = (...facts: [number, Bare][]): CaseStory =>
    told(at, [at, planned('roads')], [at, rejected], [at + HOUR, objected], ...facts);
  const breachOf = (clock: 'objection' | 'plan'): Bare => ({
    ...{ type: 'breached', clock, level: 1, to: 'chief', lateMs: 0 },
  });

  test.each<[string, CaseStory, object]>([
    ['waiting', disputed([at + HOUR, decideBy(period.to + DAY)]), { waiting: 1, overdue: 0 }],
    [
      'late',
      disputed([at + HOUR, decideBy(at + DAY)], [at + DAY, breachOf('objection')]),
      { waiting: 1, overdue: 1 },
    ],
    [
      'accepted',
      disputed(
        [at + 2 * HOUR, { type: 'overturned', ...decision, department: 'parks' }],
        [at + 2 * HOUR, { type: 'reopened', count: 1 }],
      ),
      { accepted: 1, waiting: 0 },
    ],
    ['refused', disputed([at + DAY, { type: 'confirmed', ...decision, isFinal: false }]), { confirmed: 1 }],
    ['taken back', disputed([at + DAY, { type: 'objectionWithdrawn' }]), { withdrawn: 1, waiting: 0 }],
  ])('an objection that is %s counts for the department that gave the outcome', (_, one, expected) => {
    const figures = figuresNow('roads', one);
    expect(figures.objections).toMatchObject({ made: 1, ...expected });
    expect(figures.breaches).toEqual({});
    expect(figuresNow('parks', one).objections.made).toBe(0);
    expect(figuresNow(null, one).objections.made).toBe(1);
  });

  const promised = (by: number): Bare => ({
    ...{ type: 'plannedAhead', ...act, desk: 'roads', plannedFor: by, precision: 'day' },
  });
  const onProgramme = (by: number, ...facts: [number, Bare][]): CaseStory =>
    told(at, [at, planned('roads')], [at, promised(by)], ...facts);

  test.each<[string, CaseStory, object]>([
    ['ahead', onProgramme(period.to + DAY), { waiting: 1, overdue: 0, moved: 0 }],
    ['overdue', onProgramme(at + DAY, [at + DAY, breachOf('plan')]), { waiting: 1, overdue: 1, moved: 0 }],
    [
      'moved',
      onProgramme(at + DAY, [
        at + HOUR,
        { type: 'planMoved', ...act, desk: 'roads', plannedFor: period.to + DAY, precision: 'month' },
      ]),
      { waiting: 1, overdue: 0, moved: 1 },
    ],
    [
      'done',
      onProgramme(at + DAY, [at + HOUR, { type: 'resolved', ...act, desk: 'roads' }]),
      { waiting: 0, overdue: 0, moved: 0 },
    ],
  ])('work on the programme that is %s', (_, one, expected) => {
    const figures = figuresNow('roads', one);
    expect([figures.programme, figures.breaches, figures.open]).toEqual([expected, {}, 0]);
  });

  test('and named in the table and the CSV', () => {
    const both = reportOf({
      lines: linesOf(disputed(), onProgramme(at + DAY)),
      ...{ period, departments: [], fewest: 1 },
    });
    const table = reportTable(both, 'x');
    expect(table).toContain(
      'İtirazlar: 1 yapıldı, 0 kabul edildi, 0 reddedildi, 0 geri alındı; 1 karar bekliyor',
    );
    expect(table).toContain('Program: 1 iş bekliyor, 1 tarihi geçmiş, 0 kez tarihi değişti');
    expect(reportRows(both)[0]).toMatchObject({
      ...{ objectionsMade: 1, objectionsWaiting: 1, objectionsOverdue: 0 },
      ...{ programmeWaiting: 1, programmeOverdue: 1, programmeMoved: 0 },
    });
  });
});

const resolvedBy = (desk: string, late: boolean): CaseStory => {
  const at = period.from + DAY;
  return told(
    at,
    [at, planned(desk)],
    ...(late ? [[at + HOUR, rung('breached', 'resolve', 1, 0)] as [number, Bare]] : []),
    [at + 2 * HOUR, { type: 'resolved', ...act, desk }],
  );
};
const three = [
  ...Array.from({ length: 4 }, (_, number) => resolvedBy('roads', number === 0)),
  ...Array.from({ length: 3 }, () => resolvedBy('parks', false)),
  resolvedBy('police', false),
];
const report = reportOf({
  lines: linesOf(...three),
  period,
  departments: desks.map(slug => ({ slug, name: `${slug} "&" co` })),
  fewest: 3,
});

test('departments are ranked by answers in time, unless they have too few', () => {
  expect(report.departments.map(({ slug, rank }) => [slug, rank])).toEqual([
    ['parks', 1],
    ['roads', 2],
    ['police', null],
  ]);
});

test('equal departments share a rank', () => {
  const { departments } = reportOf({
    lines: linesOf(resolvedBy('roads', false), resolvedBy('parks', false)),
    period,
    departments: [
      { slug: 'roads', name: 'a' },
      { slug: 'parks', name: 'b' },
    ],
    fewest: 1,
  });
  expect(departments.map(({ rank }) => rank)).toEqual([1, 1]);
});

test('CSV has the same cells as the rows, with quotes where needed', () => {
  const [head = '', all = '', ...rest] = csvOf(reportRows(report)).split('\r\n');
  expect(rest).toHaveLength(3);
  expect(all.split(',')).toHaveLength(head.split(',').length);
  expect(head).toContain('resolvedOnTimeShare');
  expect(csvOf([{ a: 'x,"y"', b: null }])).toBe('a,b\r\n"x,""y""",');
});

test('the table shows every department, dashes for missing values, and a legend', () => {
  const table = reportTable(report, '2026-12-05 – 2026-12-14');
  expect(table).toContain('% 75');
  expect(table).toMatch(/–\s+police/);
  expect(table).toContain('en az 3 sonucu olmayan müdürlük sıralanmaz');
});

test('no samples have no median', () => {
  expect(quantile([], 0.5)).toBeNull();
});

test.each([
  [[7], 0.9, 7],
  [[1, 2, 3, 4], 0.5, 2.5],
  [[1, 2, 3, 4, 5], 0.9, 4.6],
])('quantile of %j at %d is %d', (samples, share, value) => {
  expect(
    quantile(
      [...samples].sort((a, b) => a - b),
      share,
    ),
  ).toBeCloseTo(value, 9);
});
