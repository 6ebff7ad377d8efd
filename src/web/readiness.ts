/** A part the role depends on. `check` rejects when the part cannot be used. */
export interface Part {
  name: 'store' | 'temporal' | 'keys' | 'whatsapp';
  check: () => Promise<void>;
  /** Whether the role is of no use without it. */
  isVital: boolean;
}

export interface Readiness {
  /** `degraded`: the role works, but a part that it can do without for a while is away. */
  status: 'ready' | 'degraded' | 'unready';
  parts: Record<string, 'ok' | 'away'>;
}

const KEPT_MS = 1_000;

/** Answers how the parts are, asking them at most once a second however many ask. */
export function createReadiness(parts: readonly Part[], now = Date.now): () => Promise<Readiness> {
  let last: { at: number; answer: Promise<Readiness> } | undefined;

  async function ask(): Promise<Readiness> {
    const answers = await Promise.allSettled(parts.map(part => part.check()));
    const isAway = (place: number): boolean => answers[place]?.status === 'rejected';
    const away = parts.filter((_, place) => isAway(place));
    return {
      status: away.some(part => part.isVital) ? 'unready' : away.length > 0 ? 'degraded' : 'ready',
      parts: Object.fromEntries(parts.map(({ name }, place) => [name, isAway(place) ? 'away' : 'ok'])),
    };
  }

  return () => {
    if (!last || now() - last.at >= KEPT_MS) last = { at: now(), answer: ask() };
    return last.answer;
  };
}
