import { calendarNamed, dayStart, localDate } from '../src/config/calendars';
import { departmentOf } from '../src/config/offices';
import { bindingDeadline } from '../src/domain/case/case-clocks';
import { stageLabels } from '../src/domain/case/case-labels';
import { lastRungOf } from '../src/domain/case/last-rung';
import { DAY_MS } from '../src/domain/durations';
import { isOpen, nextOpening } from '../src/domain/sla/business-calendar';
import type { Decider } from '../src/domain/sla/sla';
import { composeLastRungs, type ListedCase } from '../src/mail/letters/digest';
import type { OpenedCase } from '../src/store/case-records';
import type { LinkRecipient } from '../src/store/task-records';
import type { OperatorActivities } from '../workflows/contract';
import { actingFor, opened } from './case-lookup';
import type { Deps } from './deps';
import { issueLink } from './mail-letter';

/** More cases than a superior can look at in a day. */
const MOST_CASES = 2_000;

/** A case that does not move, and the superior who hears of it. */
interface Waiting {
  found: OpenedCase;
  role: Decider;
  to: LinkRecipient;
}

/**
 * Returns the cases whose reminder is due today: a multiple of the interval after the last step of their ladder. What
 * falls on a day without office hours is due on the next one with them.
 */
async function dueAt(deps: Deps, at: number): Promise<Waiting[]> {
  const { store, municipality } = deps;
  const { timeZone, sla } = municipality;
  const office = calendarNamed(municipality, sla.officeCalendar, await store.closures.all());
  if (!isOpen(office, at)) return [];
  const startOf = (moment: number, plusDays = 0): number =>
    dayStart(timeZone, localDate(timeZone, moment), plusDays) ?? moment;
  const today = startOf(at);
  let since = startOf(at, -1);
  while (nextOpening(office, since) >= startOf(since, 1)) since = startOf(since, -1);
  const days = (from: number, to: number): number => Math.round((to - startOf(from)) / DAY_MS);
  const turns = (from: number, to: number): number => Math.floor(days(from, to) / sla.remindLast.everyDays);

  const breached = await store.cases.list({ sla: 'breached' }, MOST_CASES);
  const waiting = await Promise.all(
    breached.map(async (record): Promise<Waiting[]> => {
      const found = opened(record);
      if (!found) return [];
      const { progress, caseNumber } = found;
      const rung = lastRungOf(progress, await store.cases.facts(caseNumber, progress.revision));
      if (!rung || turns(rung.at, today) <= Math.max(turns(rung.at, since), 0)) return [];
      const role = rung.to === 'department' ? 'chief' : rung.to;
      const holder = departmentOf(municipality, progress.plan.desk.slug)[role];
      return [{ found, role, to: await actingFor(deps, holder) }];
    }),
  );
  return waiting.flat();
}

/** The id of a superior: the first role in the configuration with this address. It names nobody. */
function superiorOf({ municipality }: Deps, { found, role }: Waiting): string {
  const own = departmentOf(municipality, found.progress.plan.desk.slug)[role].address;
  const first = Object.values(municipality.departments).find(desk => desk[role].address === own);
  return `${role}:${first?.slug ?? found.progress.plan.desk.slug}`;
}

/** Returns the superiors to remind. People who stand in for several get one letter for all of them. */
export function planLastRungs(deps: Deps): OperatorActivities['planLastRungs'] {
  return async ({ at }) => {
    const byAddress = new Map<string, string>();
    for (const one of await dueAt(deps, at)) {
      if (!byAddress.has(one.to.address)) byAddress.set(one.to.address, superiorOf(deps, one));
    }
    return { superiors: [...byAddress.values()] };
  };
}

export function mailLastRungs(deps: Deps): OperatorActivities['mailLastRungs'] {
  const { store, municipality, letterOutbox } = deps;

  async function listed({ found, role, to }: Waiting): Promise<ListedCase> {
    const { caseNumber, intake, progress } = found;
    const { slug: department, name } = progress.plan.desk;
    return {
      caseNumber,
      subject: intake.category.name,
      neighbourhood: intake.neighbourhood?.name ?? null,
      stage: stageLabels[progress.stage],
      urgent: progress.hazard === true,
      dueAt: bindingDeadline(progress),
      department: name,
      link: await issueLink(deps, caseNumber, { task: progress.task, department }, { role, to }),
    };
  }

  return async ({ at, superior }) => {
    const key = `last-rungs:${superior}:${localDate(municipality.timeZone, at)}`;
    if ((await store.outbox.get(key))?.state === 'accepted') return;
    const all = await dueAt(deps, at);
    const first = all.find(one => superiorOf(deps, one) === superior);
    if (!first) return;
    const cases = await Promise.all(all.filter(({ to }) => to.address === first.to.address).map(listed));
    await letterOutbox.send({
      key,
      recipient: superior,
      caseNumber: null,
      to: first.to,
      letter: composeLastRungs({ municipality, now: at, recipient: first.to.name, cases }),
      thread: `last-rungs:${superior}`,
    });
  };
}
