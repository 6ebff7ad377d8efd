import type { Municipality } from '../config/municipality';
import { DAY_MS } from '../domain/durations';
import type { IncidentRecord } from '../store/calendar-records';
import type { Store } from '../store/store';
import type { CaseGateway } from './case-gateway';

/** Returns why an incident cannot last from one time to another, or null. The longest is `holds.incidentDays` of sla.yaml. */
export function incidentEndRefusal(
  { sla }: Pick<Municipality, 'sla'>,
  { from, to }: { from: Date; to: Date },
  now: Date,
): 'endsBefore' | 'past' | 'tooLong' | null {
  if (to <= from) return 'endsBefore';
  if (to <= now) return 'past';
  return to.getTime() - from.getTime() > sla.holds.incidentDays * DAY_MS ? 'tooLong' : null;
}

/** Moves the end of an incident and tells its cases. Returns how many were told. May be repeated. */
export async function moveIncident(
  {
    store,
    gateway,
  }: { store: Pick<Store, 'incidents' | 'cases'>; gateway: Pick<CaseGateway, 'moveIncident'> },
  id: string,
  to: Date,
  moved: NonNullable<IncidentRecord['moved']>,
): Promise<number> {
  await store.incidents.move(id, to, moved);
  let told = 0;
  for (const { caseNumber, progress } of await store.cases.ofIncident(id)) {
    if (progress && progress.incident?.id !== id) continue;
    if (await gateway.moveIncident(caseNumber)) told += 1;
  }
  return told;
}
