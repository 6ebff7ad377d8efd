import type { IdentityRecords, Sender } from '../store/identity-records';

const MOST = 10_000;
/** Long enough for a talk, short enough that an erased citizen is soon unknown everywhere. */
const KEPT_MS = 5 * 60_000;

/** The citizen behind a sender, remembered for some minutes: an identity never changes once it is made. */
export function createKnownCitizens(
  identities: Pick<IdentityRecords, 'citizenOf'>,
  now: () => Date,
): (sender: Sender) => Promise<string> {
  const known = new Map<string, { citizen: Promise<string>; until: number }>();

  return sender => {
    const name = JSON.stringify([sender.bsuid, sender.phone]);
    const time = now().getTime();
    const remembered = known.get(name);
    if (remembered && remembered.until > time) return remembered.citizen;
    const citizen = identities.citizenOf(sender);
    known.delete(name);
    known.set(name, { citizen, until: time + KEPT_MS });
    citizen.catch(() => known.delete(name));
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return citizen;
  };
}
