import {
  type CalendarSpec,
  type Client,
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type * as workflows from '../../workflows/index';
import { calendarFor, calendarNamed } from '../config/calendars';
import type { Municipality } from '../config/municipality';
import { HOUR_MS } from '../domain/durations';
import type { BusinessCalendar } from '../domain/sla/business-calendar';

/** A workflow that Temporal starts on a schedule. Each run has its own workflow id, `<id>-<UTC time>`. */
export interface LineSchedule {
  /** The schedule id, kebab-case. It must never change, because a new id would create a second schedule. */
  readonly id: string;
  readonly workflow: keyof typeof workflows;
  /** The argument of every run: ids and numbers only. */
  readonly input?: Readonly<Record<string, string | number>>;
  /** The calendar in `timeZone`. Minute and hour default to 0. */
  readonly at: readonly CalendarSpec[];
  readonly timeZone: string;
  /** How late a run may start after an outage, in ms. */
  readonly catchUpMs: number;
  /** One line in Turkish for managers, shown in the list of runs. */
  readonly summary: string;
}

/**
 * Creates or updates the schedules. Idempotent and safe to run concurrently; a paused schedule stays paused. Returns
 * the ids of new schedules. Rejects with Temporal's errors if the server is unreachable.
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

/** Yesterday's list is useless. */
const CATCH_UP_MS = 3 * HOUR_MS;

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** Returns when a calendar opens on each working day, but not before `digest.earliest`. */
function openingsOf({ digest }: Municipality, { week }: BusinessCalendar): CalendarSpec[] {
  const earliest = minuteOf(digest.earliest);
  return week.flatMap((blocks, day): CalendarSpec[] => {
    const open = blocks.find(({ to }) => to > earliest);
    const dayOfWeek = weekdays[day];
    if (!open || !dayOfWeek) return [];
    const minute = Math.max(open.from, earliest);
    return [{ dayOfWeek, hour: Math.floor(minute / 60), minute: minute % 60 }];
  });
}

/** The daily list of open tasks, one schedule per department. Runs on holidays send nothing. */
export function digestSchedules(municipality: Municipality): LineSchedule[] {
  return Object.values(municipality.departments).flatMap(({ slug, name }): LineSchedule[] => {
    const at = openingsOf(municipality, calendarFor(municipality, slug));
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

/** The daily reminder of cases that do not move, at the opening of the offices. Runs on holidays send nothing. */
function lastRungSchedules(municipality: Municipality): LineSchedule[] {
  const { sla, timeZone } = municipality;
  const at = openingsOf(municipality, calendarNamed(municipality, sla.officeCalendar));
  return [
    {
      id: 'last-rungs',
      workflow: 'lastRungs',
      at,
      timeZone,
      catchUpMs: CATCH_UP_MS,
      summary: 'Kademesi tamamlanan, ilerlemeyen kayıtlar',
    },
  ];
}

const dayNames = {
  mon: 'MONDAY',
  tue: 'TUESDAY',
  wed: 'WEDNESDAY',
  thu: 'THURSDAY',
  fri: 'FRIDAY',
  sat: 'SATURDAY',
  sun: 'SUNDAY',
} as const;

/** The weekly letter with statistics; no schedule without recipients. */
function weeklyLetterSchedules({ timeZone, managers }: Municipality): LineSchedule[] {
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

/**
 * The list of cases near their legal limit, every day: the limit of the law does not wait for the end of a holiday. No
 * schedule without recipients.
 */
function legalDigestSchedules({ timeZone, managers, digest }: Municipality): LineSchedule[] {
  if (Object.keys(managers.recipients).length === 0) return [];
  const [hour = 0, minute = 0] = digest.earliest.split(':').map(Number);
  return [
    {
      id: 'legal-digest',
      workflow: 'legalDigest',
      at: [{ hour, minute }],
      timeZone,
      catchUpMs: 12 * HOUR_MS,
      summary: 'Yasal süresi yaklaşan veya geçen kayıtlar',
    },
  ];
}

/** The hourly comparison of records and workflows. */
function reconcileSchedules({ timeZone }: Municipality): LineSchedule[] {
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

/** The daily rows of the statistics, every hour: the next run makes up for one that was missed. */
function figureSchedules({ timeZone }: Municipality): LineSchedule[] {
  return [
    {
      id: 'figures',
      workflow: 'figures',
      at: [{ hour: '*', minute: 7 }],
      timeZone,
      catchUpMs: HOUR_MS / 2,
      summary: 'İstatistik satırları',
    },
  ];
}

/** The nightly erasure and anonymisation. A night that was missed is made up for by the next one. */
function retentionSchedules({ timeZone, retention }: Municipality): LineSchedule[] {
  const [hour = 0, minute = 0] = retention.at.split(':').map(Number);
  return [
    {
      id: 'retention',
      workflow: 'retention',
      at: [{ hour, minute }],
      timeZone,
      catchUpMs: 12 * HOUR_MS,
      summary: 'Saklama süresi dolan kayıtların silinmesi',
    },
  ];
}

/** One factory per kind of work. It returns no schedules if the configuration does not need them. */
const makers: readonly ((municipality: Municipality) => readonly LineSchedule[])[] = [
  digestSchedules,
  lastRungSchedules,
  weeklyLetterSchedules,
  legalDigestSchedules,
  reconcileSchedules,
  figureSchedules,
  retentionSchedules,
];

/** Returns all schedules of the line. */
export function lineSchedules(municipality: Municipality): LineSchedule[] {
  return makers.flatMap(make => make(municipality));
}
