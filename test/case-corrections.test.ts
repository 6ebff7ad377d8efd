import { correctionOf, type CorrectionAsked, placeAfter } from '../src/config/correction';
import { neighbourhoodAt } from '../src/config/places';
import { type Correction, type Refusal, refusalOf } from '../src/domain/case/acts';
import { stages } from '../src/domain/case/case';
import { takeTurn } from '../src/domain/case/case-life';
import { type CaseAttributes, caseAttributes } from '../src/domain/case/temporal-ui';
import { HOUR, MINUTE, newTerms } from './support/cases';
import { at, local, municipality, type TownCase, townCase } from './support/town-case';

const words = 'Süvari mahallesi 1234. sokakta çukur var';
const nothing: CorrectionAsked = {
  subject: null,
  priority: null,
  pin: null,
  neighbourhood: null,
  street: null,
};
const pin = { latitude: 39.947121, longitude: 32.633214 };

/** The wrong values of a pothole case and their corrections, with the resolve target of each from the receipt. */
const corrections: Readonly<
  Record<
    'subject' | 'owner' | 'priority' | 'place' | 'street' | 'road',
    {
      asked: Partial<CorrectionAsked>;
      attributes: Partial<CaseAttributes>;
      resolveBy?: string;
    }
  >
> = {
  /** Another class of the same department, whose usual priority is lower. */
  subject: {
    asked: { subject: 'speed-bump' },
    attributes: { Category: 'speed-bump', CasePriority: 'p3' },
    resolveBy: '2026-12-16 10:00',
  },
  /** A subject of another department. */
  owner: { asked: { subject: 'tree' }, attributes: { Category: 'tree' } },
  priority: { asked: { priority: 'p4' }, attributes: { CasePriority: 'p4' }, resolveBy: '2026-12-09 10:00' },
  place: { asked: { neighbourhood: 'alsancak' }, attributes: { Neighbourhood: 'alsancak' } },
  /** Without a pin, another street is in the same neighbourhood. */
  street: { asked: { street: '1250. sokak' }, attributes: { Neighbourhood: 'suvari' } },
  /** A road that an institution keeps. */
  road: { asked: { street: 'İstanbul Yolu 5' }, attributes: {} },
};
type Field = keyof typeof corrections;

function correctionFor(story: Pick<TownCase, 'state'>, asked: Partial<CorrectionAsked>): Correction {
  const about = { state: story.state, pin: null, words, address: words };
  const found = correctionOf(municipality, about, { ...nothing, ...asked });
  if ('problem' in found) throw new Error(found.problem);
  return found.correction;
}

/** Whether the correction comes from a manager; departments cannot act on a resolved case. */
type By = 'department' | 'manager';

function correct(story: TownCase, field: Field, by: By): { refusal: Refusal | null; told: string[] } {
  const correction = correctionFor(story, corrections[field].asked);
  // Deadlines that have passed come first, as in the workflow.
  story.take({ type: 'timePassed' });
  const before = story.told.length;
  const refusal =
    by === 'manager' ? story.manager('correct', { correction }) : story.desk('correct', { correction });
  return { refusal, told: story.told.slice(before).map(line => line.slice(17)) };
}

type Way = (story: TownCase) => void;
const accept: Way = story => void story.desk('accept');
const aski = { slug: 'aski', name: 'ASKİ' };

/** How a case gets to each stage. */
const ways = {
  triage: () => undefined,
  assigned: () => undefined,
  accepted: accept,
  inProgress: story => {
    accept(story);
    story.desk('start');
  },
  scheduled: story => {
    accept(story);
    story.desk('schedule', { plannedFor: Date.UTC(2027, 0, 15) });
  },
  waitingCitizen: story => {
    accept(story);
    story.desk('askCitizen');
  },
  waitingInstitution: story => {
    accept(story);
    story.desk('waitInstitution', { institution: aski });
  },
  planned: story => {
    accept(story);
    story.desk('planAhead', { plannedFor: Date.UTC(2027, 3, 1), precision: 'month' });
  },
  duplicate: story => void story.desk('join', { leader: 'PK-0000-0002' }),
  resolved: story => void story.desk('resolve'),
  objected: story => {
    story.desk('reject');
    story.take({ type: 'objected', messageId: 'm-2' });
  },
  closed: story => {
    story.desk('resolve');
    story.take({ type: 'feedback', messageId: 'm-2', answer: 'solved' });
  },
  rejected: story => void story.desk('reject'),
  handedOff: story => void story.desk('handOff', { institution: aski }),
  withdrawn: story => story.take({ type: 'withdrawn', messageId: 'm-2' }),
} satisfies Partial<Record<TownCase['state']['stage'], Way>>;
type Stage = keyof typeof ways;

/** `late`: the resolve target passed before the case came to its stage. `paused`: its clock stands still. */
type Clocks = 'running' | 'paused' | 'late' | 'paused late' | 'stopped';
const EARLY = '2026-11-25 10:00';
const LATER = '2026-11-26 10:00';
const TOO_LATE = '2026-12-03 10:00';

function caseIn(stage: Stage, clocks: Clocks): TownCase {
  const over = { neighbourhood: { slug: 'suvari', name: 'Süvari' } };
  const story = townCase(EARLY, { over, ...(stage === 'triage' && { department: 'triage' }) });
  if (clocks.includes('late')) story.until(TOO_LATE);
  ways[stage](story);
  if (!clocks.includes('late')) story.until(LATER);
  return story;
}

/** A case after a correction, the notifications that it sent, and the state before it. */
interface Corrected {
  story: TownCase;
  field: Field;
  told: string[];
  before: TownCase['state'];
}

/** The remaining time is planned anew, and the citizen hears the new date. */
function isRetimed({ story, field, told }: Corrected): void {
  expect(local(story.state.plan.resolveBy)).toBe(corrections[field].resolveBy);
  expect(told).toEqual(['mail:corrected:department', 'citizen:corrected']);
  expect(story.facts).toContainEqual(expect.objectContaining({ type: 'replanned', reason: 'correct' }));
}

/** Dates stay, because they do not depend on it or were missed. Only the department hears of it. */
function isKept({ story, told, before }: Corrected): void {
  expect(story.state.plan.resolveBy).toBe(before.plan.resolveBy);
  expect(story.state.slaState).toBe(before.slaState);
  expect(told).toEqual(['mail:corrected:department']);
}

/** The clock stands still: the time that is left is planned when it runs again, one office day later. */
function isPlannedLater({ story, field, told, before }: Corrected): void {
  const due = { subject: '2026-12-17 10:00', priority: '2026-12-10 10:00' }[field as 'subject' | 'priority'];
  expect(told).toEqual(['mail:corrected:department']);
  expect([story.state.stage, story.state.plan]).toEqual([before.stage, before.plan]);
  story.desk('resume');
  expect(local(story.state.plan.resolveBy)).toBe(due);
  expect(story.told.at(-1)?.slice(17)).toBe('citizen:corrected');
  expect(story.state.retargets).toBe(false);
}

/**
 * Another department is responsible: it gets a new task, and the citizen hears of both. The time since the receipt
 * counts for the right class; a target that was missed stays missed.
 */
function isMoved({ story, field, told, before }: Corrected): void {
  const { stage, task, plan, pausedSince, programme } = story.state;
  const desk = field === 'subject' ? 'fen-isleri' : 'park-ve-bahceler';
  expect({ stage, desk: plan.desk.slug }).toEqual({ stage: 'assigned', desk });
  expect([task, pausedSince, programme]).toEqual([before.task + 1, null, null]);
  expect(told).toEqual(['citizen:rerouted', 'mail:task:department']);
  expect(story.state.everBreached).toBe(before.everBreached);
  expect(plan.overall && local(plan.overall.by)).toBe(overallAfter(before));
}

function overallAfter({ stage, reached }: TownCase['state']): string | undefined {
  if (stage === 'planned') return undefined;
  if ((reached.resolve ?? 0) >= 1) return '2026-12-02 10:00';
  return stage.startsWith('waiting') ? '2026-12-17 10:00' : '2026-12-16 10:00';
}

/** An institution is responsible: the case ends, and the citizen hears of it. */
function isPassedOn({ story, told }: Corrected): void {
  const { stage, institution, steps, outcomeActionId } = story.state;
  expect([stage, institution?.slug, steps, outcomeActionId]).toEqual(['handedOff', 'abb', [], null]);
  expect(told).toEqual(['citizen:passedOn']);
}

/** The work is done: only the record changes. */
function isNoted({ story, told, before }: Corrected): void {
  const { category, priority, neighbourhood, hazard, revision, handled, answered, ...rest } = story.state;
  expect(before).toMatchObject(rest);
  expect(told).toEqual([]);
}

const effects = {
  retimed: isRetimed,
  kept: isKept,
  later: isPlannedLater,
  moved: isMoved,
  passed: isPassedOn,
  noted: isNoted,
};
type Effect = keyof typeof effects;

type Cells = Readonly<Record<Field, Effect>>;
const open: Cells = {
  ...{ subject: 'retimed', owner: 'moved', priority: 'retimed' },
  ...{ place: 'kept', street: 'kept', road: 'passed' },
};
const late: Cells = { ...open, subject: 'kept', priority: 'kept' };
const paused: Cells = { ...open, subject: 'later', priority: 'later' };
const done: Cells = {
  ...{ subject: 'noted', owner: 'noted', priority: 'noted', place: 'noted', street: 'noted', road: 'noted' },
};

/** What each correction does in each stage with each state of the clocks; departments and managers alike. */
const byEverybody: readonly [Stage, Clocks, Cells][] = [
  ['triage', 'running', { ...open, subject: 'moved', road: 'kept' }],
  ['triage', 'late', { ...late, subject: 'moved', road: 'kept' }],
  ['assigned', 'running', open],
  ['assigned', 'late', late],
  ['accepted', 'running', open],
  ['accepted', 'late', late],
  ['inProgress', 'running', open],
  ['inProgress', 'late', late],
  ['scheduled', 'running', open],
  ['scheduled', 'late', late],
  ['waitingCitizen', 'paused', paused],
  ['waitingCitizen', 'paused late', late],
  ['waitingInstitution', 'paused', paused],
  ['waitingInstitution', 'paused late', late],
  ['planned', 'stopped', late],
  ['planned', 'late', late],
];

/** The department has finished; a manager still corrects the record. */
const byManagers: readonly [Stage, Clocks, Cells][] = [
  ['resolved', 'stopped', done],
  ['resolved', 'late', done],
  ['objected', 'stopped', done],
  ['objected', 'late', done],
];

/** Another case leads it, or it has ended. */
const byNobody: readonly [Stage, Clocks][] = [
  ['duplicate', 'paused'],
  ['duplicate', 'paused late'],
  ...(['closed', 'rejected', 'handedOff', 'withdrawn'] as const).flatMap((stage): [Stage, Clocks][] => [
    [stage, 'stopped'],
    [stage, 'late'],
  ]),
];

const everybody: readonly By[] = ['department', 'manager'];
const table = [
  ...byEverybody.flatMap(([stage, clocks, cells]) =>
    everybody.map(by => [stage, clocks, by, cells] as const),
  ),
  ...byManagers.map(([stage, clocks, cells]) => [stage, clocks, 'manager', cells] as const),
];
const refused = [
  ...byNobody.flatMap(([stage, clocks]) => everybody.map(by => [stage, clocks, by] as const)),
  ...byManagers.map(([stage, clocks]) => [stage, clocks, 'department'] as const),
];

const fields = Object.keys(corrections) as Field[];

test('every stage is in the table, with running or paused clocks and with a missed target', () => {
  const found = [...table, ...refused].map(([stage, clocks]) => `${stage} ${clocks.includes('late')}`);
  const expected = stages
    .filter(stage => stage !== 'received')
    .flatMap(stage => [false, true].map(isLate => `${stage} ${isLate}`));
  expect([...new Set(found)].sort()).toEqual(expected.sort());
});

describe.each(table)('a case that is %s (%s), corrected by a %s', (stage, clocks, by, cells) => {
  test.each(fields.map(field => [field, cells[field]]))('%s: %s', (field, effect) => {
    const story = caseIn(stage, clocks);
    const before = story.state;
    const { refusal, told } = correct(story, field, by);
    expect([before.stage, refusal]).toEqual([stage, null]);
    const desk = before.plan.desk.slug;
    expect(story.facts).toContainEqual(expect.objectContaining({ type: 'corrected', desk }));
    expect(caseAttributes(story.state)).toMatchObject({
      ...{ Department: story.state.plan.desk.slug, ...corrections[field].attributes },
    });
    effects[effect]({ story, field, told, before });
  });
});

describe.each(refused)('a case that is %s (%s)', (stage, clocks, by) => {
  test.each(fields)(`is not corrected by a ${by}: %s`, field => {
    const story = caseIn(stage, clocks);
    const before = story.state;
    const { refusal, told } = correct(story, field, by);
    expect([before.stage, refusal, told]).toEqual([stage, 'notInThisStage', []]);
    expect(story.state).toEqual(before);
  });
});

describe('what follows from a correction', () => {
  const priorityOf = ({ state }: TownCase): string => `${state.priority}${state.hazard ? ' hazard' : ''}`;

  test('a priority that somebody set stays with another subject', () => {
    const story = townCase(EARLY);
    story.manager('setPriority', { priority: 'p3' });
    expect(correctionFor(story, { subject: 'road-request' })).not.toHaveProperty('priority');
    expect(correctionFor(townCase(EARLY), { subject: 'road-request' })).toMatchObject({ priority: 'p4' });
  });

  test('a danger runs at every hour and alarms those on duty, until it turns out to be none', () => {
    const terms = { ...newTerms, alarm: { everyMs: 15 * MINUTE, letters: 2 } };
    const story = townCase('2026-11-27 16:00', { over: { terms, hazard: false } });
    story.desk('correct', { correction: correctionFor(story, { priority: 'p1' }) });
    expect([priorityOf(story), story.state.alarm?.sent]).toEqual(['p1 hazard', 1]);
    expect(local(story.state.plan.resolveBy)).toBe('2026-11-28 00:00');
    story.until('2026-11-27 16:16');
    expect(story.told.at(-1)).toBe('2026-11-27 16:15 mail:alarm:department');
    story.desk('correct', { correction: correctionFor(story, { priority: 'p2' }) });
    expect([priorityOf(story), story.state.alarm]).toEqual(['p2', null]);
    expect(local(story.state.plan.resolveBy)).toBe('2026-12-04 16:00');
  });

  test('a shorter target leaves at least a quarter of it', () => {
    const story = townCase(EARLY, { category: 'speed-bump' });
    story.desk('accept');
    story.until('2026-12-09 10:00');
    story.desk('correct', { correction: correctionFor(story, { subject: 'pothole' }) });
    // Ten of five office days have passed; a quarter of five days remains.
    expect(local(story.state.plan.resolveBy)).toBe('2026-12-10 12:00');
    expect(story.state.slaState).not.toBe('breached');
  });

  test('a subject with the same targets changes no date and tells nobody but the department', () => {
    const story = townCase(EARLY);
    story.until('2026-12-01 10:00');
    const { resolveBy } = story.state.plan;
    const correction = correctionFor(story, { subject: 'road-works' });
    expect(correction.retargets).toBe(false);
    story.desk('correct', { correction });
    expect(story.state.plan.resolveBy).toBe(resolveBy);
    expect(story.told.at(-1)).toBe('2026-12-01 10:00 mail:corrected:department');
  });

  test('another legal deadline applies from the receipt, with its own letters', () => {
    const story = townCase(EARLY, { department: 'triage' });
    expect(local(story.state.plan.legalBy)).toBe('2026-12-25 10:00');
    story.desk('correct', { correction: correctionFor(story, { subject: 'information-request' }) });
    expect(local(story.state.plan.legalBy)).toBe('2026-12-16 17:30');
    const legal = story.state.steps.filter(({ clock }) => clock === 'legal');
    expect(legal.map(({ at }) => local(at) <= '2026-12-16 17:30')).not.toContain(false);
    expect(legal.length).toBeGreaterThan(0);
  });

  test('a department keeps a case that people gave it, unless the correction itself changes the owner', () => {
    const story = townCase(EARLY);
    story.desk('reroute', { department: 'zabita' });
    expect(correctionFor(story, { subject: 'road-works' })).not.toHaveProperty('owner');
    expect(correctionFor(story, { neighbourhood: 'alsancak' })).not.toHaveProperty('owner');
    expect(correctionFor(story, { subject: 'tree' })).toMatchObject({
      owner: { department: 'park-ve-bahceler' },
    });
  });

  test('departments that correct a case to and fro get it taken by the desk that sorts', () => {
    const terms = { ...newTerms, pingPong: { reroutes: 3, desk: 'triage' } };
    const story = townCase(EARLY, { over: { terms } });
    for (const subject of ['tree', 'pothole', 'tree']) {
      story.desk('correct', { correction: correctionFor(story, { subject }) });
    }
    expect(story.state).toMatchObject({ stage: 'triage', category: { slug: 'tree' }, rerouteCount: 3 });
  });

  test('the reports that follow a case take over its subject, and its targets when they leave it', () => {
    const leader = townCase(EARLY);
    leader.take({ type: 'memberJoined', member: 'PK-0000-0002' });
    const correction = correctionFor(leader, { subject: 'speed-bump' });
    const act = { actionId: 'c-1', action: 'correct', task: 1, correction } as const;
    const { effects } = takeTurn(leader.state, { type: 'acted', act }, leader.state.receivedAt);
    const [told] = effects.flatMap(effect => (effect.type === 'tellCase' ? [effect] : []));
    expect(told).toMatchObject({ caseNumber: 'PK-0000-0002', news: { type: 'leaderCorrected' } });
    const follower = townCase(EARLY);
    follower.desk('join', { leader: 'PK-0000-0003' });
    follower.until(LATER);
    const subject = { slug: 'speed-bump', name: 'Kasis' };
    for (let times = 0; times < 2; times += 1) {
      follower.take({ type: 'leaderCorrected', actionId: 'c-1', subject, retargets: true });
    }
    expect(follower.facts.filter(({ type }) => type === 'corrected')).toHaveLength(1);
    expect(follower.state).toMatchObject({ stage: 'duplicate', category: subject });
    follower.desk('separate');
    expect(local(follower.state.plan.resolveBy)).toBe('2026-12-17 10:00');
  });

  test('they take over its priority as well, and its department when they leave it', () => {
    const leader = townCase(EARLY);
    leader.take({ type: 'memberJoined', member: 'PK-0000-0002' });
    const correction = correctionFor(leader, { ...corrections.owner.asked, priority: 'p4' });
    const act = { actionId: 'c-1', action: 'correct', task: 1, correction } as const;
    const newsOf = (guides: boolean) =>
      takeTurn(leader.state, { type: 'acted', act, guides }, leader.state.receivedAt).effects.flatMap(
        effect => (effect.type === 'tellCase' && effect.news.type === 'leaderCorrected' ? [effect.news] : []),
      );
    const [news] = newsOf(true);
    expect(news).toMatchObject({ priority: 'p4', department: 'park-ve-bahceler', subject: { slug: 'tree' } });
    expect(newsOf(false)[0]).not.toHaveProperty('department');
    const follower = townCase(EARLY);
    follower.desk('join', { leader: 'PK-0000-0009' });
    if (news) follower.take(news);
    expect(follower.state).toMatchObject({ stage: 'duplicate', priority: 'p4' });
    follower.desk('separate');
    expect(follower.state).toMatchObject({ stage: 'assigned', priority: 'p4', movesTo: null });
    expect(follower.state.plan.desk.slug).toBe('park-ve-bahceler');
    expect(follower.told.slice(-2)).toEqual([
      expect.stringContaining('citizen:rerouted'),
      expect.stringContaining('task'),
    ]);
  });

  test('they move with it where they shared its place, and keep a place of their own', () => {
    const suvari = { slug: 'suvari', name: 'Süvari' };
    const leader = townCase(EARLY, { over: { neighbourhood: suvari } });
    leader.take({ type: 'memberJoined', member: 'PK-0000-0002' });
    const correction = correctionFor(leader, corrections.place.asked);
    const act = { actionId: 'c-1', action: 'correct', task: 1, correction } as const;
    const newsOf = (places: boolean) =>
      takeTurn(leader.state, { type: 'acted', act, places }, leader.state.receivedAt).effects.flatMap(
        effect => (effect.type === 'tellCase' && effect.news.type === 'leaderCorrected' ? [effect.news] : []),
      );
    expect(newsOf(false)).toEqual([]);
    const [news] = newsOf(true);
    const followed = [suvari, { slug: 'topcu', name: 'Topçu' }].map(neighbourhood => {
      const follower = townCase(EARLY, { over: { neighbourhood } });
      follower.desk('join', { leader: 'PK-0000-0009' });
      if (news) follower.take(news);
      return follower.state.neighbourhood?.slug;
    });
    expect(followed).toEqual(['alsancak', 'topcu']);
  });

  test('another request for a plan does not lose the new targets', () => {
    const story = townCase(EARLY);
    story.desk('accept');
    const correction = correctionFor(story, { subject: 'speed-bump' });
    const { state } = story;
    const at = state.receivedAt + HOUR;
    const act = { actionId: 'c-1', action: 'correct', task: 1, correction } as const;
    const asked = takeTurn(state, { type: 'acted', act }, at);
    const again = takeTurn(asked.state, { type: 'memberJoined', member: 'PK-0000-0009' }, at);
    const raised = takeTurn(
      { ...again.state, terms: { ...newTerms, reportsToRaise: 3 } },
      { type: 'memberJoined', member: 'PK-0000-0008' },
      at,
    );
    expect(raised.effects).toContainEqual(
      expect.objectContaining({
        after: 'priority',
        left: expect.objectContaining({ retargets: true }) as unknown,
      }),
    );
  });
});

describe('a correction is refused', () => {
  const correction: Correction = { priority: 'p4', hazard: false, retargets: true };

  test.each([
    ['without a change', { hazard: false, retargets: false }, 'nothingToCorrect'],
    [
      'with the present subject',
      { ...correction, subject: { slug: 'pothole', name: 'Yol çukuru' } },
      'nothingToCorrect',
    ],
    ['with the present priority', { ...correction, priority: 'p2' }, 'nothingToCorrect'],
    [
      'with its own department as the new one',
      { ...correction, owner: { department: 'fen-isleri' } },
      'sameDepartment',
    ],
  ] as const)('%s', (_, given, refusal) => {
    expect(townCase(EARLY).desk('correct', { correction: given })).toBe(refusal);
  });

  test('by a manager, if the case has moved since', () => {
    const story = townCase(EARLY);
    const seen = story.state.revision;
    story.desk('note');
    expect(story.manager('correct', { correction, seen })).toBe('moved');
    expect(story.manager('correct', { correction, seen: story.state.revision })).toBeNull();
  });

  test('by a link of a task that has ended, and it happens once', () => {
    const story = townCase(EARLY);
    const { state } = story;
    const act = { actionId: 'c-1', action: 'correct', task: 1, correction } as const;
    expect(refusalOf({ ...state, task: 2 }, act, state.receivedAt)).toBe('taskEnded');
    story.take({ type: 'acted', act });
    const after = story.state;
    story.take({ type: 'acted', act });
    expect(story.state).toEqual(after);
  });

  const about = { state: townCase(EARLY).state, pin, words, address: words };
  test.each([
    ['the same values', { subject: 'pothole', priority: 'p2' }, 'nothing'],
    ['a pin outside the district', { pin: { latitude: 39.92, longitude: 32.85 } }, 'outside'],
    ['a pin in another neighbourhood than the chosen one', { pin, neighbourhood: 'alsancak' }, 'elsewhere'],
  ] as const)('with %s, before it reaches the case', (_, asked, problem) => {
    expect(correctionOf(municipality, about, { ...nothing, ...asked })).toEqual({ problem });
  });

  test('a chosen neighbourhood replaces a pin elsewhere, and keeps one that lies in it', () => {
    const place = (slug: string) => placeAfter(municipality, about, { ...nothing, neighbourhood: slug });
    expect(place('alsancak')).toMatchObject({ pin: null, found: { neighbourhood: { slug: 'alsancak' } } });
    const slug = neighbourhoodAt(municipality, pin);
    expect(place(slug)).toMatchObject({ pin, found: { neighbourhood: { slug } } });
  });
});

describe('the citizen corrects', () => {
  const ways: [stage: string, go: (story: TownCase) => void, can: boolean][] = [
    ['assigned', () => undefined, true],
    ['accepted', story => void story.desk('accept'), true],
    [
      'waitingInstitution',
      story =>
        void [
          story.desk('accept'),
          story.desk('waitInstitution', { institution: { slug: 'abb', name: 'ABB' } }),
        ],
      true,
    ],
    ['planned', story => void story.desk('planAhead', { plannedFor: at('2027-02-01 10:00') }), true],
    ['resolved', story => void story.desk('resolve'), false],
    ['rejected', story => void story.desk('reject'), false],
  ];

  test.each(ways)('a case that is %s like its department, or only adds to it', (stage, go, can) => {
    const [own, desks] = ['2026-11-25 10:00', '2026-11-25 10:00'].map(received => townCase(received));
    if (!own || !desks) throw new Error('no case');
    for (const story of [own, desks]) {
      go(story);
      expect(story.state.stage).toBe(stage);
    }
    const correction = correctionFor(own, corrections.subject.asked);
    const said = { actionId: 'a', messageIds: ['m-2'], fileMessageIds: ['m-2'], correction };
    own.take({ type: 'citizenCorrected', ...said });
    const once = own.told.length;
    own.take({ type: 'citizenCorrected', ...said });
    expect(own.told).toHaveLength(once);
    expect(desks.desk('correct', { correction }) === null).toBe(can);
    expect(own.state.category).toEqual(can ? desks.state.category : { slug: 'pothole', name: 'Yol çukuru' });
    expect(own.state.plan.resolveBy).toBe(desks.state.plan.resolveBy);
    const news = own.told.filter(line => line.includes('citizen:')).at(-1);
    expect(news).toMatch(can ? /amended|corrected/ : /added|alreadyClosed/);
  });

  test.each<[string, (story: TownCase) => void, string[]]>([
    ['resolved', story => void story.desk('resolve'), ['mail:corrected:department', 'citizen:amended']],
    ['rejected', story => void story.desk('reject'), ['mail:corrected:department', 'citizen:heardAfterEnd']],
    [
      'objected',
      story => {
        story.desk('reject');
        story.take({ type: 'objected', messageId: 'm-o' });
      },
      ['mail:corrected:chief', 'citizen:amended'],
    ],
    [
      'duplicate',
      story => void story.desk('join', { leader: 'PK-0000-0009' }),
      ['mail:corrected:department', 'citizen:amended'],
    ],
  ])('a case that is %s without a new owner or target, and once', (stage, go, told) => {
    const story = townCase('2026-11-25 10:00');
    go(story);
    expect(story.state.stage).toBe(stage);
    const { resolveBy } = story.state.plan;
    const correction = correctionFor(story, corrections.subject.asked);
    const before = story.told.length;
    for (const messageIds of [['m-2'], ['m-2']]) {
      const said = { actionId: 'a', messageIds, fileMessageIds: [], correction, late: true };
      story.take({ type: 'citizenCorrected', ...said });
      // An ended case continues from its record, which does not hold the handled ids.
      story.state.handled = [];
    }
    expect(story.told.slice(before).map(line => line.slice(17))).toEqual(told);
    expect(story.state).toMatchObject({ stage, category: correction.subject });
    expect(story.state.plan.resolveBy).toBe(resolveBy);
  });
});
