import type { Sender } from '../store/identity-records';
import type { Store } from '../store/store';

const MOST = 10_000;
/** Long enough for a talk, short enough that an erased citizen is soon unknown everywhere. */
const KEPT_MS = 5 * 60_000;

/** The citizen behind the names of a sender. */
export type CitizenCache = (senders: readonly Sender[]) => Promise<string>;

/**
 * Looks up and remembers for some minutes to whom names lead, since a name never leads elsewhere; whether that
 * citizen has become part of another is asked each time.
 */
export function createCitizenCache(
  { identities, citizens }: Pick<Store, 'identities' | 'citizens'>,
  now: () => Date,
): CitizenCache {
  const known = new Map<string, { citizen: Promise<string>; until: number }>();

  return async senders => {
    const name = JSON.stringify(senders.map(({ bsuid, phone }) => [bsuid, phone]));
    const time = now().getTime();
    const remembered = known.get(name);
    if (remembered && remembered.until > time) return identities.currentOf(await remembered.citizen);
    const citizen = identities.citizenOf(senders, citizens.absorb, now());
    known.delete(name);
    known.set(name, { citizen, until: time + KEPT_MS });
    citizen.catch(() => known.delete(name));
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return citizen;
  };
}
