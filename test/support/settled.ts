import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { until } from './until';

/** Shorter than the test time-out, so that a hanging story reports its position. */
const STORY_LIMIT_MS = 25_000;

const { EventType } = temporal.api.enums.v1;
const startsWork = [
  EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
];
const endsWork = [
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED,
];

async function eventTypes(handle: WorkflowHandle): Promise<temporal.api.enums.v1.EventType[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).map(({ eventType }) => eventType ?? EventType.EVENT_TYPE_UNSPECIFIED);
}

/**
 * The time-skipping server confuses an update or a skip with a task that is being completed, so nothing may be
 * running.
 */
export function settled(handle: WorkflowHandle): Promise<void> {
  const count = (types: readonly unknown[], of: readonly unknown[]): number =>
    types.filter(type => of.includes(type)).length;
  return until(async () => {
    const types = await eventTypes(handle);
    return count(types, startsWork) === count(types, endsWork);
  }, 'a case with nothing under way');
}

/** A story that did not end in time. */
export class StoryHangs extends Error {}

/** Ends a hanging story with its last events, so that it does not block the next one. Rejects with StoryHangs. */
export async function toItsEnd(handle: WorkflowHandle, live: () => Promise<void>): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const hangs = new Promise<never>((_resolve, reject) => {
    limit = setTimeout(() => reject(new StoryHangs(`no end after ${STORY_LIMIT_MS} ms`)), STORY_LIMIT_MS);
  });
  try {
    await Promise.race([live(), hangs]);
  } catch (error) {
    const last = (await eventTypes(handle)).slice(-12).map(type => EventType[type]);
    await handle.terminate('the story failed').catch(() => undefined);
    const what = `The story broke off after the events ${last.join(', ')}`;
    throw error instanceof StoryHangs ? new StoryHangs(what) : new Error(what, { cause: error });
  } finally {
    clearTimeout(limit);
  }
}
