import type { CaseGateway } from './case-gateway';
import type { CaseList } from './case-list';

/** Cases that are told at the same time. */
const AT_ONCE = 16;

/**
 * Tells all open cases that the extra closures changed, so that each re-plans its remaining time. Returns how many were
 * told. `onTold` gets the number so far, and that of all. May be repeated. Rejects with `temporal-unavailable`.
 */
export async function tellCalendarChange(
  {
    caseList,
    gateway,
  }: { caseList: Pick<CaseList, 'running'>; gateway: Pick<CaseGateway, 'changeCalendar'> },
  onTold: (told: number, of: number) => void = () => undefined,
): Promise<number> {
  const open = await caseList.running();
  let told = 0;
  for (let from = 0; from < open.length; from += AT_ONCE) {
    const answers = await Promise.all(open.slice(from, from + AT_ONCE).map(gateway.changeCalendar));
    told += answers.filter(isTold => isTold).length;
    onTold(told, open.length);
  }
  return told;
}
