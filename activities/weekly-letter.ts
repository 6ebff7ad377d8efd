import { DateTime } from 'luxon';
import { townDay, dayStart } from '../src/config/town-day';
import { composeWeeklyLetter } from '../src/mail/weekly/compose-weekly';
import { townReport } from '../src/reports/town-report';
import { AppError } from '../src/errors';
import type { OperatorActivities } from './contract';
import type { Deps } from './deps';

const DAY_MS_2 = 86_400_000;

/** The seven local days before the day of `at`, epoch ms UTC, and who gets their figures. */
export function planWeeklyLetter({ municipality }: Deps): OperatorActivities['planWeeklyLetter'] {
  const { timeZone, managers } = municipality;
  return async ({ at }) => {
    const today = townDay(timeZone, at);
    return {
      from: dayStart(timeZone, today, -7) ?? at - 7 * DAY_MS_2,
      to: dayStart(timeZone, today) ?? at,
      recipients: Object.keys(managers.recipients),
    };
  };
}

export function mailWeeklyLetter(deps: Deps): OperatorActivities['mailWeeklyLetter'] {
  const { municipality, store, letterOutbox, taskLinks, now } = deps;
  const { timeZone, managers } = municipality;

  async function linkFor(holder: string): Promise<string> {
    const { tokenHash, url } = taskLinks.issue('manager');
    const createdAt = now();
    const expiresAt = new Date(createdAt.getTime() + managers.linkDays * DAY_MS_2);
    await store.managerLinks.add({ tokenHash, holder, createdAt, expiresAt });
    return url;
  }

  return async ({ from, to, recipient }) => {
    const key = `weekly:${townDay(timeZone, from)}:${recipient}`;
    if ((await store.outbox.get(key))?.state === 'accepted') return;
    const addressee = managers.recipients[recipient];
    if (!addressee) throw new AppError('not-found', { reason: 'recipient' });
    const earlier = dayStart(timeZone, townDay(timeZone, from), -7) ?? from - 7 * DAY_MS_2;
    const stories = await store.stories.since(new Date(earlier));
    const town = { municipality, closures: await store.closures.all() };
    const letter = composeWeeklyLetter({
      municipality,
      recipient: addressee.name,
      week: weekWords(timeZone, from, to),
      report: townReport(town, { from, to }, stories),
      before: townReport(town, { from: earlier, to: from }, stories),
      link: await linkFor(addressee.name),
    });
    await letterOutbox.send({
      key,
      recipient: `manager:${recipient}`,
      caseNumber: null,
      to: addressee,
      letter,
      thread: 'weekly',
    });
  };
}

/** "16–22 Kasım 2026", or with both months where they differ; `to` is the moment after the last day. */
function weekWords(timeZone: string, from: number, to: number): string {
  const local = (at: number): DateTime => DateTime.fromMillis(at, { zone: timeZone, locale: 'tr' });
  const [first, last] = [local(from), local(to - 1)];
  const begin = first.month === last.month ? first.toFormat('d') : first.toFormat('d LLLL');
  return `${begin}–${last.toFormat('d LLLL yyyy')}`;
}
