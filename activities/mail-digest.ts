import { calendarFor } from '../src/config/calendars';
import { departmentOf } from '../src/config/offices';
import { townDay } from '../src/config/town-day';
import { isOpen } from '../src/domain/sla/business-calendar';
import { stageWords } from '../src/domain/case/case-labels';
import { bindingDeadline } from '../src/domain/sla/sla';
import { AppError } from '../src/errors';
import { composeLetter } from '../src/mail/letters/compose-letter';
import { composeDigest, type DigestTask } from '../src/mail/letters/digest';
import type { CaseRecord } from '../src/store/case-records';
import type { LinkRecipient } from '../src/store/task-records';
import type { Activities } from './contract';
import type { Deps } from './deps';

const DAY_MS = 86_400_000;
/** As many as the list behind the link shows. */
const MOST_TASKS = 500;

/** Mails a department its open tasks, once a day, unless it is closed today or has none. */
export function mailDigest(deps: Deps): Activities['mailDigest'] {
  const { store, municipality } = deps;
  return async ({ department, at }) => {
    const closures = await store.closures.all();
    if (!isOpen(calendarFor(municipality, department, closures), at)) return;
    const open = await store.cases.openAt(department, MOST_TASKS);
    const tasks = open.flatMap(taskOf);
    if (tasks.length === 0) return;
    const key = `digest:${department}:${townDay(municipality.timeZone, at)}`;
    const { mail, chief, fallback } = departmentOf(municipality, department);
    try {
      await sendTo(deps, { key, department, to: mail, tasks, at });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'mail-refused')) throw error;
      await sendTo(deps, { key: `${key}:fallback`, department, to: fallback ?? chief, tasks, at });
      await alertOf(deps, key, (fallback ?? chief).name);
    }
  };
}

function taskOf({ caseNumber, intake, progress }: CaseRecord): DigestTask[] {
  // What follows another case is done with that one.
  if (!progress || progress.stage === 'duplicate') return [];
  return [
    {
      caseNumber,
      subject: intake.category.name,
      neighbourhood: intake.neighbourhood?.name ?? null,
      stage: stageWords[progress.stage],
      dueAt: bindingDeadline(progress),
    },
  ];
}

async function sendTo(
  { store, municipality, taskLinks, letterOutbox, now }: Deps,
  given: { key: string; department: string; to: LinkRecipient; tasks: readonly DigestTask[]; at: number },
): Promise<void> {
  const { key, department, to, tasks, at } = given;
  if ((await store.outbox.get(key))?.state === 'accepted') return;
  const { tokenHash, url } = taskLinks.issue('list');
  const createdAt = now();
  await store.listLinks.add({
    tokenHash,
    department,
    recipient: { name: to.name, address: to.address },
    createdAt,
    expiresAt: new Date(createdAt.getTime() + DAY_MS),
  });
  await letterOutbox.send({
    key,
    recipient: `department:${department}`,
    caseNumber: null,
    to,
    letter: composeDigest({
      municipality,
      now: at,
      department: departmentOf(municipality, department).name,
      recipient: to.name,
      tasks,
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
