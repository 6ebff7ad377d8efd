import { DateTime } from 'luxon';
import { calendarFor, dayStart, localDate } from '../src/config/calendars';
import { departmentOf } from '../src/config/offices';
import { isEnded, stages } from '../src/domain/case/case';
import { stageLabels } from '../src/domain/case/case-labels';
import { DAY_MS } from '../src/domain/durations';
import { isOpen } from '../src/domain/sla/business-calendar';
import { bindingDeadline } from '../src/domain/case/case-clocks';
import { AppError, isMailRefusal } from '../src/errors';
import { composeLetter } from '../src/mail/letters/letters';
import {
  composeDigest,
  composeLegalDigest,
  type DigestTask,
  inDigestOrder,
} from '../src/mail/letters/digest';
import { linkLife } from '../src/mail/task-link';
import { composeWeeklyLetter } from '../src/mail/weekly/compose-weekly';
import { trendNames, trendsOf } from '../src/reports/comparison';
import { keptLines } from '../src/reports/kept-lines';
import { townReport } from '../src/reports/report';
import type { OpenedCase } from '../src/store/case-records';
import type { LinkRecipient } from '../src/store/task-records';
import type { Activities, OperatorActivities } from '../workflows/contract';
import { actingFor, opened } from './case-lookup';
import type { Deps } from './deps';
import { issueLink } from './mail-letter';

/** The size of the list behind the link. */
const MOST_TASKS = 500;

/** Mails a department its open tasks once a day, unless it is closed or has none. */
export function mailDigest(deps: Deps): Activities['mailDigest'] {
  const { store, municipality } = deps;
  return async ({ department, at }) => {
    const closures = await store.closures.all();
    if (!isOpen(calendarFor(municipality, department, closures), at)) return;
    const open = await store.cases.openAt(department, MOST_TASKS);
    // Follower cases are handled with their leading case.
    const tasks = open.flatMap(record => {
      const found = opened(record);
      return found && found.progress.stage !== 'duplicate' ? [taskOf(found)] : [];
    });
    if (tasks.length === 0) return;
    const key = `digest:${department}:${localDate(municipality.timeZone, at)}`;
    const { mail, chief, fallback } = departmentOf(municipality, department);
    try {
      await sendTo(deps, { key, department, to: await actingFor(deps, mail), tasks, at });
    } catch (error) {
      if (!isMailRefusal(error)) throw error;
      await sendTo(deps, { key: `${key}:fallback`, department, to: fallback ?? chief, tasks, at });
      await alertOf(deps, key, (fallback ?? chief).name);
    }
  };
}

/** A task with the number of its turn, for its link. */
type LinkedTask = DigestTask & { task: number };

function taskOf({ caseNumber, intake, progress }: OpenedCase): LinkedTask {
  return {
    task: progress.task,
    caseNumber,
    subject: intake.category.name,
    neighbourhood: intake.neighbourhood?.name ?? null,
    stage: stageLabels[progress.stage],
    urgent: progress.hazard === true && progress.stage !== 'planned',
    dueAt: bindingDeadline(progress),
  };
}

async function sendTo(
  deps: Deps,
  given: { key: string; department: string; to: LinkRecipient; tasks: readonly LinkedTask[]; at: number },
): Promise<void> {
  const { store, municipality, taskLinks, letterOutbox, now } = deps;
  const { key, department, to, tasks, at } = given;
  if ((await store.outbox.get(key))?.state === 'accepted') return;
  const { tokenHash, url } = taskLinks.issue('list');
  await store.listLinks.add({ tokenHash, department, recipient: to, ...linkLife(municipality, now()) });
  const { shown, rest } = inDigestOrder(tasks);
  const holder = { role: 'department' as const, to };
  const linked = await Promise.all(
    shown.map(async one => ({
      ...one,
      link: await issueLink(deps, one.caseNumber, { task: one.task, department }, holder),
    })),
  );
  await letterOutbox.send({
    key,
    recipient: `department:${department}`,
    caseNumber: null,
    to,
    about: { type: 'digest', department, at },
    letter: composeDigest({
      municipality,
      now: at,
      department: departmentOf(municipality, department).name,
      recipient: to.name,
      tasks: [...linked, ...rest],
      count: tasks.length,
      link: url,
    }),
    thread: `digest:${department}`,
  });
}

async function alertOf(
  { municipality, letterOutbox, now }: Deps,
  key: string,
  fallback: string,
): Promise<void> {
  await letterOutbox.send({
    key: `${key}:undelivered`,
    recipient: 'operator',
    caseNumber: null,
    to: municipality.operator,
    letter: composeLetter('operatorAlert', {
      municipality,
      now: now().getTime(),
      caseNumber: 'Günlük görev listesi',
      undelivered: null,
      to: 'department',
      fallback: { name: fallback, state: 'sent' },
    }),
    thread: key,
  });
}

/** More cases than anybody can look at in a day. */
const MOST_LISTED = 2_000;

/** The stages in which the citizen waits for the outcome. */
const unanswered = stages.filter(stage => !isEnded(stage) && stage !== 'resolved' && stage !== 'objected');

/**
 * Returns the open cases whose legal limit is near or has passed. Planned work and followers are listed up to their
 * limit only: a promised date is an answer (Law 3071, article 7), and a follower is answered with its leading case.
 */
async function nearLegalLimit({ store, municipality }: Deps, at: number): Promise<OpenedCase[]> {
  const { timeZone, managers } = municipality;
  const days = managers.legalWarnDays + 1;
  const before = dayStart(timeZone, localDate(timeZone, at), days) ?? at + days * DAY_MS;
  const found = await store.cases.dueByLaw(unanswered, before, MOST_LISTED);
  return found.flatMap(record => {
    const one = opened(record);
    if (!one) return [];
    const { stage, plan } = one.progress;
    const isAnswered = stage === 'planned' || stage === 'duplicate';
    return isAnswered && plan.legalBy <= at ? [] : [one];
  });
}

/** Returns the managers to mail about cases near their legal limit: nobody if there are none. */
export function planLegalDigest(deps: Deps): OperatorActivities['planLegalDigest'] {
  return async ({ at }) => {
    const cases = await nearLegalLimit(deps, at);
    return { recipients: cases.length > 0 ? Object.keys(deps.municipality.managers.recipients) : [] };
  };
}

export function mailLegalDigest(deps: Deps): OperatorActivities['mailLegalDigest'] {
  const { municipality, letterOutbox } = deps;
  return async ({ at, recipient }) => {
    const to = municipality.managers.recipients[recipient];
    if (!to) throw new AppError('not-found', { reason: 'recipient' });
    const cases = (await nearLegalLimit(deps, at)).map(found => ({
      ...taskOf(found),
      dueAt: found.progress.plan.legalBy,
      department: found.progress.plan.desk.name,
    }));
    if (cases.length === 0) return;
    await letterOutbox.send({
      key: `legal:${localDate(municipality.timeZone, at)}:${recipient}`,
      recipient: `manager:${recipient}`,
      caseNumber: null,
      to,
      letter: composeLegalDigest({ municipality, now: at, recipient: to.name, cases }),
      thread: 'legal',
    });
  };
}

/**
 * Returns the seven local days before the day of `at` (epoch ms UTC), and the recipients of their figures.
 */
export function planWeeklyLetter({ municipality }: Deps): OperatorActivities['planWeeklyLetter'] {
  const { timeZone, managers } = municipality;
  return async ({ at }) => {
    const today = localDate(timeZone, at);
    return {
      from: dayStart(timeZone, today, -7) ?? at - 7 * DAY_MS,
      to: dayStart(timeZone, today) ?? at,
      recipients: Object.keys(managers.recipients),
    };
  };
}

const MOST_TRENDS = 3;

export function mailWeeklyLetter(deps: Deps): OperatorActivities['mailWeeklyLetter'] {
  const { municipality, store, letterOutbox, taskLinks, now } = deps;
  const { timeZone, managers } = municipality;
  const linesIn = keptLines(store.figures);

  async function linkFor(holder: string): Promise<string> {
    const { tokenHash, url } = taskLinks.issue('manager');
    const createdAt = now();
    const expiresAt = new Date(createdAt.getTime() + managers.linkDays * DAY_MS);
    await store.managerLinks.add({ tokenHash, holder, createdAt, expiresAt });
    return url;
  }

  return async ({ from, to, recipient }) => {
    const key = `weekly:${localDate(timeZone, from)}:${recipient}`;
    if ((await store.outbox.get(key))?.state === 'accepted') return;
    const addressee = managers.recipients[recipient];
    if (!addressee) throw new AppError('not-found', { reason: 'recipient' });
    const earlier = dayStart(timeZone, localDate(timeZone, from), -7) ?? from - 7 * DAY_MS;
    const lines = await linesIn({ from: earlier, to });
    const week = { from, to };
    const weekBefore = { from: earlier, to: from };
    const trends = trendsOf(
      lines,
      { now: week, before: weekBefore },
      {
        ...{ scope: {}, limit: MOST_TRENDS, since: 'önceki haftaya göre' },
        ...{ fewest: managers.fewestToRank, names: trendNames(municipality) },
      },
    );
    const letter = composeWeeklyLetter({
      municipality,
      recipient: addressee.name,
      week: weekText(timeZone, from, to),
      report: townReport(municipality, week, lines),
      before: townReport(municipality, weekBefore, lines),
      trends: trends.map(({ text }) => text),
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

/** Returns the period as text: "16–22 Kasım 2026", with both months if they differ. `to` is exclusive. */
function weekText(timeZone: string, from: number, to: number): string {
  const local = (at: number): DateTime => DateTime.fromMillis(at, { zone: timeZone, locale: 'tr' });
  const [first, last] = [local(from), local(to - 1)];
  const begin = first.month === last.month ? first.toFormat('d') : first.toFormat('d LLLL');
  return `${begin}–${last.toFormat('d LLLL yyyy')}`;
}
