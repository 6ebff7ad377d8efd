import {
  type CalendarSpec,
  type Client,
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type * as workflows from '../../workflows/index';
import { calendarFor } from '../config/calendars';
import type { Municipality } from '../config/municipality';

/** Work that Temporal starts by the clock of the town. Each run gets a workflow id of its own, `<id>-<UTC time>`. */
export interface LineSchedule {
  /** Also the id of the schedule; kebab-case and kept for ever, because a new id would be a second schedule. */
  readonly id: string;
  readonly workflow: keyof typeof workflows;
  /** The one argument of the workflow, ids and numbers only; it must serve every run. */
  readonly input?: Readonly<Record<string, string | number>>;
  /** When it runs, on the clock of `timeZone`; minute and hour are 0 when left out. */
  readonly at: readonly CalendarSpec[];
  readonly timeZone: string;
  /** How late a run may still be begun after an outage, in ms. */
  readonly catchUpMs: number;
  /** One Turkish line for managers, shown in the list of runs. */
  readonly summary: string;
}

/**
 * Makes the schedules, or brings those that exist up to date; safe to repeat, also from two places at once, and a
 * schedule that an operator has paused stays paused. Returns the ids of those that are new. Rejects with Temporal's
 * errors when the server is out of reach.
 */
export async function syncSchedules(
  client: Client,
  taskQueue: string,
  schedules: readonly LineSchedule[],
): Promise<string[]> {
  const made: string[] = [];
  for (const schedule of schedules) {
    const options = optionsOf(schedule, taskQueue);
    try {
      await client.schedule.create({ scheduleId: schedule.id, ...options });
      made.push(schedule.id);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const handle = client.schedule.getHandle(schedule.id);
      await handle.update(({ state }) => ({ ...options, state }));
    }
  }
  return made;
}

function optionsOf(
  { id, workflow, input, at, timeZone, catchUpMs, summary }: LineSchedule,
  taskQueue: string,
) {
  return {
    spec: { calendars: [...at], timezone: timeZone },
    action: {
      type: 'startWorkflow' as const,
      workflowType: workflow as string,
      workflowId: id,
      taskQueue,
      args: input ? [input] : [],
      staticSummary: summary,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchUpMs },
  };
}

const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

/** A list of yesterday helps nobody. */
const CATCH_UP_MS = 3 * 3_600_000;

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** When the digest of a department goes out: on each working day at its opening, but not before `digest.earliest`. */
function digestTimes(municipality: Municipality, department: string): CalendarSpec[] {
  const earliest = minuteOf(municipality.digest.earliest);
  return calendarFor(municipality, department).week.flatMap((blocks, day): CalendarSpec[] => {
    const open = blocks.find(({ to }) => to > earliest);
    const dayOfWeek = weekdays[day];
    if (!open || !dayOfWeek) return [];
    const minute = Math.max(open.from, earliest);
    return [{ dayOfWeek, hour: Math.floor(minute / 60), minute: minute % 60 }];
  });
}

/** The daily list of open tasks, one schedule for each department; on a holiday its run sends nothing. */
export function digestSchedules(municipality: Municipality): LineSchedule[] {
  return Object.values(municipality.departments).flatMap(({ slug, name }): LineSchedule[] => {
    const at = digestTimes(municipality, slug);
    if (at.length === 0) return [];
    return [
      {
        id: `digest-${slug}`,
        workflow: 'departmentDigest',
        input: { department: slug },
        at,
        timeZone: municipality.timeZone,
        catchUpMs: CATCH_UP_MS,
        summary: `Günlük görev listesi · ${name}`,
      },
    ];
  });
}

const HOUR_MS = 3_600_000;

const dayNames = {
  mon: 'MONDAY',
  tue: 'TUESDAY',
  wed: 'WEDNESDAY',
  thu: 'THURSDAY',
  fri: 'FRIDAY',
  sat: 'SATURDAY',
  sun: 'SUNDAY',
} as const;

/** The weekly letter to those who follow the figures; none without recipients. */
export function weeklyLetterSchedules({ timeZone, managers }: Municipality): LineSchedule[] {
  const { recipients, weeklyLetter: when } = managers;
  if (Object.keys(recipients).length === 0) return [];
  const [hour = 0, minute = 0] = when.at.split(':').map(Number);
  return [
    {
      id: 'weekly-letter',
      workflow: 'weeklyLetter',
      at: [{ dayOfWeek: dayNames[when.day], hour, minute }],
      timeZone,
      catchUpMs: 12 * HOUR_MS,
      summary: 'Yöneticilere haftalık mektup',
    },
  ];
}

/** The comparison of records and workflows, each hour. */
export function reconcileSchedules({ timeZone }: Municipality): LineSchedule[] {
  return [
    {
      id: 'reconcile',
      workflow: 'reconcile',
      at: [{ hour: '*', minute: 17 }],
      timeZone,
      catchUpMs: HOUR_MS / 2,
      summary: 'Kayıtlarla iş akışlarının karşılaştırılması',
    },
  ];
}

/** One maker for each kind of work; none of its schedules when the municipality has no use for it. */
const makers: readonly ((municipality: Municipality) => readonly LineSchedule[])[] = [
  digestSchedules,
  weeklyLetterSchedules,
  reconcileSchedules,
];

/** Everything that the line does by the clock. */
export function lineSchedules(municipality: Municipality): LineSchedule[] {
  return makers.flatMap(make => make(municipality));
}
