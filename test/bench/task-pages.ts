import { HOUR_MS } from '../../src/domain/durations';
import { createTaskLinks } from '../../src/mail/task-link';
import { percentile } from '../support/load';
import { APP_SECRET, type BenchGround } from './ground';
import { caseNumberFor, deliver, potholeOf } from './reports';

/** Below the rate limit of one link. */
const USES_OF_A_LINK = 200;

/** Returns response times (ms) of a task page, sequentially, and its size in KiB without photos. */
export async function taskPageTimes(
  { webhookUrl, outside, store, linkKeys }: BenchGround,
  count: number,
  citizen: number,
): Promise<{ p50: number; p99: number; weightKiB: number }> {
  const report = potholeOf(citizen);
  const caseNumber = caseNumberFor(report, await store.hashId());
  await deliver(webhookUrl, report, APP_SECRET);
  await outside.sent(`${caseNumber}:1`);
  const record = await store.cases.get(caseNumber);
  const publicBaseUrl = new URL(webhookUrl).origin;
  const links = createTaskLinks({ keys: linkKeys, publicBaseUrl });
  const createdAt = new Date();
  const issued = Array.from({ length: Math.ceil(count / USES_OF_A_LINK) }, () => links.issue());
  for (const { tokenHash } of issued) {
    await store.tasks.addLink({
      tokenHash,
      caseNumber,
      task: record?.progress?.task ?? 1,
      department: record?.progress?.plan.desk.slug ?? '',
      role: 'department',
      recipient: { name: 'Bench', address: 'bench@etimesgut.example' },
      createdAt,
      expiresAt: new Date(createdAt.getTime() + HOUR_MS),
    });
  }
  const times: number[] = [];
  let weight = 0;
  for (let round = 0; round < count; round += 1) {
    const begin = performance.now();
    const answer = await fetch(issued[round % issued.length]?.url ?? '');
    weight = (await answer.arrayBuffer()).byteLength;
    if (answer.status !== 200) throw new Error(`the task page answered ${answer.status}`);
    times.push(performance.now() - begin);
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), weightKiB: weight / 1_024 };
}
