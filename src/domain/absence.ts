/** Somebody with an e-mail address. */
interface Holder {
  readonly name: string;
  readonly address: string;
}

/** Who is away, and who acts instead, from `from` until `to`. */
export interface Absence {
  readonly away: Holder;
  readonly instead: Holder;
  readonly from: Date;
  readonly to: Date;
}

/** The recipient of a letter, and whom the recipient stands in for. */
export interface StandIn extends Holder {
  /** The name of the holder who is away. */
  readonly insteadOf?: string;
}

/**
 * Returns who acts for a holder at an instant: the holder, or the substitute while the holder is away. Substitutes who
 * are away have substitutes as well. If all of a circle are away, the holder gets the letter.
 */
export function standInFor(holder: Holder, absences: readonly Absence[], at: Date): StandIn {
  const { name, address } = holder;
  const passed = new Set([address]);
  let acting: Holder = { name, address };
  for (;;) {
    const { address: current } = acting;
    // The latest decision counts.
    const absence = absences.findLast(
      ({ away, from, to }) => away.address === current && from <= at && at < to,
    );
    if (!absence) return acting.address === address ? { name, address } : { ...acting, insteadOf: name };
    acting = { name: absence.instead.name, address: absence.instead.address };
    if (passed.has(acting.address)) return { name, address };
    passed.add(acting.address);
  }
}

/** Whether the substitutes at some time of an absence lead back to the person who is away. */
function isCircle({ away, instead, from, to }: Absence, known: readonly Absence[]): boolean {
  const passed = new Set<string>();
  const next = [instead.address];
  for (let current = next.pop(); current !== undefined; current = next.pop()) {
    if (current === away.address) return true;
    if (passed.has(current)) continue;
    passed.add(current);
    const further = known.filter(one => one.away.address === current && one.from < to && from < one.to);
    next.push(...further.map(absence => absence.instead.address));
  }
  return false;
}

/** Returns the absence of the same person that shares some time with another one, or undefined. */
export function overlapping<Known extends Absence>(
  { away: { address }, from, to }: Absence,
  known: readonly Known[],
): Known | undefined {
  return known.find(one => one.away.address === address && one.from < to && from < one.to);
}

/**
 * Returns why an absence cannot be added to those that have not ended, or null. `overlap`: the person is away then already.
 * `circle`: the substitutes would stand in for each other.
 */
export function absenceRefusal(
  given: Absence,
  known: readonly Absence[],
  now: Date,
): 'endsBefore' | 'past' | 'overlap' | 'circle' | null {
  if (given.to <= given.from) return 'endsBefore';
  if (given.to <= now) return 'past';
  if (overlapping(given, known)) return 'overlap';
  return isCircle(given, known) ? 'circle' : null;
}
