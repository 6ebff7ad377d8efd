import type { Command } from 'commander';
import { carryOutErasure, mustStay, planErasure } from '../../store/erasures';
import { localDate } from '../../config/calendars';
import { internationalNumber } from '../../config/municipality';
import { readCaseNumber } from '../../domain/identifiers';
import { answerDue } from '../../store/erasure-records';
import type { Store } from '../../store/store';
import { actorName, endOfLaterDay, lastDayBefore, noCaseNumber, reasonText, townZone } from './arguments';
import { withStore } from './connections';

/** The options of `deciding`: whom a decision is about, who decides, and why. */
export interface Decision {
  citizen?: string;
  phone?: string;
  case?: string;
  actor: string;
  reason: string;
}

interface Target {
  citizenId: string | null;
  caseNumber: string | null;
}

/** Adds a command about one person or case, with the options that name it and record the decision. */
export function deciding(admin: Command, name: string, description: string): Command {
  return admin
    .command(name)
    .description(description)
    .option('--citizen <id>', "the citizen's id")
    .option('--phone <number>', "the citizen's phone number")
    .option('--case <number>', 'the case number')
    .requiredOption('--reason <words>', 'the reason, for the record; without personal data', reasonText)
    .requiredOption('--actor <name>', 'the actor, for the record', actorName);
}

function fail(message: string): null {
  console.error(message);
  process.exitCode = 1;
  return null;
}

/** Resolves what the options name, or ends the command with an error. */
export async function targetOf(
  store: Store,
  { citizen, phone, case: typed }: Decision,
): Promise<Target | null> {
  if ([citizen, phone, typed].filter(given => given !== undefined).length !== 1) {
    return fail('Give one of --citizen, --phone and --case.');
  }
  if (typed !== undefined) {
    const caseNumber = readCaseNumber(typed);
    if (caseNumber === null) return fail(noCaseNumber(typed));
    if (!(await store.cases.get(caseNumber))) return fail(`There is no case ${caseNumber}.`);
    return { citizenId: null, caseNumber };
  }
  const id = phone === undefined ? citizen : await store.identities.holderOf(internationalNumber(phone));
  const found = id === undefined || id === null ? null : await store.citizens.get(id);
  if (!found)
    return fail(phone === undefined ? `There is no citizen "${citizen ?? ''}".` : 'Nobody has this number.');
  return { citizenId: found.id, caseNumber: null };
}

/** Adds `erase`: a preview of what is stored about a person or a case, and with `--confirm` its erasure. */
export function registerErase(admin: Command): void {
  deciding(admin, 'erase', 'erase a person, or anonymise one ended case: a preview, with --confirm for good')
    .option('--confirm', 'erase; without it, only show what would go')
    .action(async ({ confirm, ...decision }: Decision & { confirm?: boolean }) => {
      await withStore(async store => {
        const target = await targetOf(store, decision);
        if (target === null) return;
        await showPlan(store, target, townZone());
        if (!confirm) {
          console.log('Nothing was changed. Add --confirm to erase.');
          return;
        }
        const at = new Date();
        const { actor, reason } = decision;
        const id = await store.erasureRequests.add({ ...target, actor, reason, requestedAt: at });
        const request = await store.erasureRequests.get(id);
        const isDone = request !== null && (await carryOutErasure(store, request, at));
        console.log(
          isDone
            ? `Done. Request ${id}.`
            : `Done as far as possible. Request ${id} waits; the nightly run finishes it. Legal limit: ${localDate(townZone(), answerDue(at).getTime())}.`,
        );
      });
    });
}

/** Prints what a request would erase now, and what must stay, why and until when. */
export async function showPlan(store: Store, target: Target, timeZone: string): Promise<void> {
  const plan = await planErasure(store, target, new Date());
  const { citizen, ended, staying, heldUntil } = plan;
  for (const number of ended) console.log(`${number}  will be anonymised`);
  for (const { caseNumber, why, until } of staying) {
    const reason =
      why === 'open'
        ? `stays until it ends: open case${until ? `, legal limit ${localDate(timeZone, until.getTime())}` : ''}`
        : `stays until the hold ends: legal hold${until ? ` until ${lastDayBefore(until, timeZone)}` : ''}`;
    console.log(`${caseNumber}  ${reason}`);
  }
  if (!citizen) return;
  const counts = Object.entries(await store.personErasure.counts(citizen)).filter(([, count]) => count > 0);
  const what = counts.map(([name, count]) => `${name} ${count}`).join(', ');
  const holding = heldUntil ? ` (legal hold until ${lastDayBefore(heldUntil, timeZone)})` : '';
  console.log(
    mustStay(plan)
      ? `Citizen ${citizen.id} stays as long as that${holding}: number, messages and letters are needed`
      : `Citizen ${citizen.id} will be erased with number and names${what === '' ? '' : `: ${what}`}`,
  );
  console.log('Subject, neighbourhood, dates and outcome of ended cases stay: they name nobody');
}

/** Adds `hold` and `holds`: legal holds, which keep records from being erased. */
export function registerHold(admin: Command): void {
  deciding(admin, 'hold', 'keep the records of a case or citizen from being erased until a day')
    .requiredOption('--until <day>', 'the last day, for example 2028-12-31', endOfLaterDay)
    .action(async ({ until, ...decision }: Decision & { until: Date }) => {
      await withStore(async store => {
        const target = await targetOf(store, decision);
        if (target === null) return;
        const { actor, reason } = decision;
        const id = await store.holds.add({ ...target, reason, actor, since: new Date(), until });
        console.log(`Hold ${id} is in force until ${lastDayBefore(until, townZone())}.`);
      });
    });

  admin
    .command('holds')
    .description('list the legal holds in force, or end one')
    .option('--end <id>', 'end this hold now')
    .action(async ({ end }: { end?: string }) => {
      await withStore(async store => {
        if (end !== undefined && !(await store.holds.end(end, new Date()))) {
          fail(`There is no hold ${end} in force.`);
          return;
        }
        const zone = townZone();
        const found = await store.holds.inForce(new Date());
        for (const { id, caseNumber, citizenId, until, actor, reason } of found) {
          console.log([id, caseNumber ?? citizenId, lastDayBefore(until, zone), actor, reason].join('  '));
        }
        console.log(`${found.length} holds`);
      });
    });
}
