import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type CalendarSpec,
  type Client,
} from '@temporalio/client';
import type * as workflows from '../../workflows';

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
