import { Client, Connection } from '@temporalio/client';
import { syncSchedules, type LineSchedule } from '../src/temporal/schedules';
import { freshTaskQueue, temporalAddress, temporalNamespace } from './support/services';

const id = freshTaskQueue('letter');
const weekly: LineSchedule = {
  id,
  workflow: 'conversation',
  at: [{ dayOfWeek: 'MONDAY', hour: 8, minute: 30 }],
  timeZone: 'Europe/Istanbul',
  catchUpMs: 3_600_000,
  summary: 'Haftalık mektup',
};

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: temporalAddress() });
  client = new Client({ connection, namespace: temporalNamespace });
});
afterAll(async () => {
  await client.schedule.getHandle(id).delete();
  await connection.close();
});

const nextHours = async (): Promise<string[]> => {
  const { info } = await client.schedule.getHandle(id).describe();
  return info.nextActionTimes.map(at => at.toISOString().slice(11, 16));
};

test('a schedule is created once, in the time zone of the municipality', async () => {
  expect(await syncSchedules(client, 'nobody', [weekly])).toEqual([id]);
  expect(await syncSchedules(client, 'nobody', [weekly])).toEqual([]);
  expect(new Set(await nextHours())).toEqual(new Set(['05:30']));
});

test('a changed schedule is updated, and a paused one stays paused', async () => {
  await client.schedule.getHandle(id).pause('moving house');
  const later = { ...weekly, at: [{ dayOfWeek: 'FRIDAY' as const, hour: 17 }] };
  expect(await syncSchedules(client, 'nobody', [later])).toEqual([]);
  expect(new Set(await nextHours())).toEqual(new Set(['14:00']));
  const { state } = await client.schedule.getHandle(id).describe();
  expect(state).toMatchObject({ paused: true, note: 'moving house' });
});

test('concurrent runs do not conflict', async () => {
  const made = await Promise.all([1, 2, 3].map(() => syncSchedules(client, 'nobody', [weekly])));
  expect(made.flat()).toEqual([]);
});
