import type { Client } from '@temporalio/client';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { intakeOf } from '../../activities/case-intake';
import { openingOf } from '../../activities/open-case';
import { burstRules } from '../../src/cli/conversation-pace';
import type { Municipality } from '../../src/config/municipality';
import { caseNumberOf } from '../../src/domain/identifiers';
import type { Message } from '../../src/store/message-records';
import { createCaseGateway } from '../../src/temporal/case-gateway';
import { TASK_QUEUE } from '../../src/temporal/connection';
import type { BenchGround } from './ground';
import { residentMiB } from '../support/load';
import { perSecond, settle } from './measures';

const AT_ONCE = 20;
/** A time in which two cores can open all cases before their common deadline. */
const OPENED_PER_SECOND = 12;
const REST_MS = 3_600_000;
const POLL_MS = 250;
/** The filter value that identifies the cases of this measurement. */
const place = { slug: 'bench-open-cases', name: 'Ölçüm' };

/**
 * Opens cases with a reminder at the same time, kills the worker before it and starts another one after it. Returns
 * the memory of the worker with all cases open (MiB), and the seconds from the start of the next worker until every
 * case has processed its reminder.
 */
export async function manyOpenCases(
  grounds: BenchGround,
  client: Client,
  municipality: Municipality,
  count: number,
): Promise<{ residentMiB: number; servedSeconds: number }> {
  const reminderAt = Date.now() + (count / OPENED_PER_SECOND) * 1_000;
  await perSecond(count, AT_ONCE, caseOpener(grounds, client, municipality, reminderAt));
  await settle(client, grounds);
  const resident = residentMiB(grounds.roles.worker.pid);
  await grounds.killWorker();
  await pause(Math.max(reminderAt - Date.now(), 0));

  const begin = performance.now();
  await grounds.startWorker();
  const reminded = `Neighbourhood = '${place.slug}' AND SlaState = 'atRisk'`;
  while ((await client.workflow.count(reminded)).count < count) await pause(POLL_MS);
  return { residentMiB: resident, servedSeconds: (performance.now() - begin) / 1_000 };
}

/** Opens a case as a conversation does. */
function caseOpener(
  { store }: BenchGround,
  client: Client,
  municipality: Municipality,
  reminderAt: number,
): (number: number) => Promise<void> {
  const line = createCaseGateway(client, TASK_QUEUE, burstRules(municipality));
  return async number => {
    const citizenId = `open-case-${number}`;
    const at = new Date();
    const phone = String(906_000_000_000 + number);
    await store.citizens.seen(citizenId, { phone, bsuid: null, profileName: null, language: null, at });
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new Error('the citizen of the bench was not kept');
    const message = reportIn(citizenId, at);
    await store.messages.add(message);
    const intake = intakeOf(municipality, citizen, [message]);
    const caseNumber = caseNumberOf(randomBytes(5), 'PK');
    await store.cases.open(caseNumber, intake);
    const opening = openingOf(municipality, [], caseNumber, intake, [message]);
    const by = reminderAt + REST_MS;
    const plan = {
      ...opening.plan,
      ...{ acceptBy: by, resolveBy: by + REST_MS },
      steps: [{ clock: 'accept', level: 0, to: 'department', at: reminderAt } as const],
    };
    await line.openCase({ ...opening, neighbourhood: place, plan });
  };
}

function reportIn(citizenId: string, sentAt: Date): Message {
  return {
    id: `${citizenId}-message`,
    citizenId,
    sentAt,
    type: 'text',
    words: 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor',
    ...{ place: null, media: null, tap: null, says: 'report', language: 'tr' },
    ...{ caseNumber: null, handledAt: sentAt },
  };
}
