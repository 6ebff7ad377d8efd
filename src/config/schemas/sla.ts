import { z } from 'zod';
import { type Decider, type Priority, priorities, type Role } from '../../domain/sla/sla';
import { kinds } from './categories';
import { bySlug, count, entry, line, slug } from './fields';
import { TRIAGE } from './town';

const roles = ['department', 'chief', 'deputyMayor'] as const satisfies readonly Role[];
const deciders = ['chief', 'deputyMayor'] as const satisfies readonly Decider[];

const level = z.int().min(0).max(9);
const role = z.enum(roles);
const to = z
  .union([role, z.array(role).min(1)], `${roles.join(', ')}, or a list of them`)
  .transform(given => (typeof given === 'string' ? [given] : given));

/** Business minutes in the department's calendar, or calendar days. */
const targetKeys = {
  acceptMinutes: count.optional(),
  acceptDays: count.optional(),
  resolveMinutes: count.optional(),
  resolveDays: count.optional(),
};

type Targets = { [Key in keyof typeof targetKeys]?: number | undefined };

const numberOf = (first: number | undefined, second: number | undefined): number =>
  [first, second].filter(value => value !== undefined).length;

const overrides = entry(targetKeys).refine(
  (given: Targets) =>
    numberOf(given.acceptMinutes, given.acceptDays) < 2 &&
    numberOf(given.resolveMinutes, given.resolveDays) < 2,
  'minutes or days of each target, not both',
);

/** Eight hours: danger to people must be handled within hours in every class. */
const MOST_P1_MINUTES = 480;

const slaClass = entry({
  ...targetKeys,
  /** Targets that differ for a priority. Omitted ones default to those of the class. */
  priorities: entry(
    Object.fromEntries(priorities.map(name => [name, overrides.optional()])) as Record<
      Priority,
      z.ZodOptional<typeof overrides>
    >,
  ).optional(),
})
  .refine(
    (given: Targets) =>
      numberOf(given.acceptMinutes, given.acceptDays) === 1 &&
      numberOf(given.resolveMinutes, given.resolveDays) === 1,
    'acceptMinutes or acceptDays, and resolveMinutes or resolveDays',
  )
  .refine(
    ({ resolveMinutes, priorities }) =>
      (priorities?.p1?.resolveMinutes ?? resolveMinutes ?? Infinity) <= MOST_P1_MINUTES,
    `priorities with p1 and resolveMinutes of at most ${MOST_P1_MINUTES}`,
  );

const rung = entry({
  /** When the step is due: a fraction of the target, or clock minutes after the target. */
  share: z.number().positive().max(10).optional(),
  delayMinutes: count.optional(),
  level,
  to,
  /** Repeats the letter at this interval, in clock minutes. */
  repeat: entry({ everyMinutes: count, times: count.max(20) }).optional(),
}).refine(
  ({ share, delayMinutes }) => numberOf(share, delayMinutes) === 1,
  'share or delayMinutes, one of them',
);

const legalSteps = z.array(entry({ day: count, level, to }));

const legal = z.union(
  [entry({ days: count, steps: legalSteps }), entry({ workingDays: count, steps: legalSteps })],
  'days or workingDays, and steps with day, level and to',
);

const rise = (values: readonly number[]): boolean =>
  values.every((value, place) => place === 0 || value > (values[place - 1] ?? Infinity));

const objections = entry({
  /** Days after an outcome within which the citizen can object. */
  withinDays: count,
  /**
   * Who decides the first objection, the second and so on. The last one decides all later objections of a
   * case.
   */
  deciders: z
    .array(entry({ to: z.enum(deciders), decideMinutes: count, lateTo: to }))
    .min(1)
    .refine(
      all => rise(all.map(decider => deciders.indexOf(decider.to))),
      'each decider once, the chief before the deputy mayor',
    ),
  /** The share of that time after which the decider is reminded. */
  remindAt: z.number().positive().lt(1),
  /** How often `lateTo` is reminded, and the interval in minutes of the office calendar. */
  repeat: entry({ everyMinutes: count, times: count.max(20) }),
});

const programme = entry({
  /** The latest promised date, in days from now. */
  longestDays: count,
  /** Who is notified, in days before (negative) and after the promised date. Level 1 is that date. */
  steps: z
    .array(entry({ days: z.int().min(-365).max(365), level, to }))
    .refine(steps => rise(steps.map(({ days }) => days)), 'ascending days')
    .refine(
      steps => steps.every(({ days, level }) => Math.sign(days) === Math.sign(level - 1)),
      'level 0 before the promised time, level 1 at days 0, higher levels after it',
    )
    .refine(steps => steps.some(({ days }) => days === 0), 'a step at days 0, the promised time'),
});

/** The call that replaces a message which WhatsApp did not deliver. */
const calls = entry({
  /** The department whose mailbox gets the task, usually the desk that talks with citizens. */
  desk: slug,
  /** How often the desk is asked until a citizen is reached. */
  tries: count.max(10),
  /** The time between two tries, in minutes of the desk's calendar. */
  againMinutes: count,
}).default({ desk: TRIAGE, tries: 3, againMinutes: 240 });

/** The triage desk's part in a hand-off to an institution: passing the matter on, and replying to a question. */
const handOffs = entry({
  /** How often the desk is asked. */
  tries: count.max(10),
  /** The time between two tries, in minutes of the desk's calendar. */
  againMinutes: count,
}).default({ tries: 3, againMinutes: 480 });

/** sla.yaml: targets, escalation ladder and legal limits. */
export const slaSchema = entry({
  /** Stored with each case, so that a later change does not alter its deadlines. */
  version: line,
  /** A calendar of calendar.yaml. It defines working days and the hours in which superiors receive letters. */
  officeCalendar: slug,
  classes: bySlug(slaClass),
  /** Kinds of report that end with the department's answer, without a survey, and their target class. */
  answerOnly: entry({ kinds: z.array(z.enum(kinds)).min(1), slaClass: slug }),
  /** The escalation steps. Level 0 is the reminder, level 1 the breach. */
  ladder: z
    .array(rung)
    .min(1)
    .refine(
      steps => steps.every((step, i) => i === 0 || (step.share ?? Infinity) > (steps[i - 1]?.share ?? 0)),
      'each share must be greater than the one before, and delays come after all shares',
    )
    .refine(
      steps => steps.every((step, i) => i === 0 || step.level >= (steps[i - 1]?.level ?? 0)),
      'levels that do not go down',
    )
    .refine(
      steps => steps.filter(step => step.level === 1).every(step => step.share === 1),
      'level 1 at share 1, since the breach is the end of the target',
    )
    .refine(steps => steps.some(step => step.level === 1), 'a step of level 1 at share 1, the breach'),
  /**
   * The interval in days at which superiors are reminded of cases that have not moved since the last step of their
   * ladder: one letter a day for all of them.
   */
  remindLast: entry({ everyDays: count.max(365) }).default({ everyDays: 7 }),
  /**
   * How long letters of the ladder to one address are gathered into one, in minutes; 0 for never: those of an opening,
   * and those of any other time. Letters about hazards are always sent alone and at once.
   */
  openingLetters: entry({
    withinMinutes: z.int().min(0).max(120),
    laterMinutes: z.int().min(0).max(60).default(5),
  }).default({ withinMinutes: 15, laterMinutes: 5 }),
  /** The longest a department may pause its clock. It then resumes automatically. */
  holds: entry({
    citizenDays: count,
    institutionDays: count,
    /** The longest a declared incident may last. Its reports wait for it, within the legal limit. */
    incidentDays: count.max(29).default(14),
  }),
  /** How citizens object to an outcome. */
  objections,
  /** Work planned for a later date. */
  programme,
  calls,
  handOffs,
  legal: entry({
    /** The time within which the citizen must have an answer. */
    petition: legal,
    information: legal,
  }),
});

export type SlaPolicies = z.infer<typeof slaSchema>;
export type LegalLimit = z.infer<typeof legal>;
