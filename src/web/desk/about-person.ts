import { internationalNumber } from '../../config/municipality';
import { readCaseNumber } from '../../domain/identifiers';
import type { Store } from '../../store/store';

/** Whom a request for erasure or a legal hold is about: a person, or one case. */
export interface About {
  citizenId: string | null;
  caseNumber: string | null;
}

/** Returns the person or case that somebody typed, by telephone or case number; null if the line knows neither. */
export async function personOrCase(
  { cases, identities, citizens }: Pick<Store, 'cases' | 'identities' | 'citizens'>,
  typed: string,
): Promise<About | null> {
  const caseNumber = readCaseNumber(typed);
  if (caseNumber !== null) return (await cases.get(caseNumber)) ? { citizenId: null, caseNumber } : null;
  const holder = await identities.holderOf(internationalNumber(typed.replace(/\D/g, '')));
  const citizen = holder === null ? null : await citizens.get(holder);
  return citizen && { citizenId: citizen.id, caseNumber: null };
}

/** Whom an entry of the audit trail is about. */
export function traceOf({ citizenId, caseNumber }: About) {
  return { ...(citizenId !== null && { citizenId }), ...(caseNumber !== null && { caseNumber }) };
}
