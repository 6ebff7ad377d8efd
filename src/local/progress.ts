/** Sets the detail of a running step, shown beside its elapsed time. */
export type Note = (text: string) => void;

/** Shows the running steps and their elapsed time. Steps may run concurrently. */
export interface Progress {
  /** Runs work as a named step. Rethrows its error. */
  readonly step: <T>(label: string, work: (note: Note) => Promise<T>) => Promise<T>;
  /** Prints one line without disturbing the running steps. */
  readonly say: (line: string) => void;
}

interface Running {
  readonly label: string;
  readonly startedAt: number;
  note: string;
}

const quietMs = 2_000;
const plainEveryMs = 5_000;

/**
 * Redraws one line every 500 ms on a terminal; otherwise prints a line every five seconds. Steps shorter than two
 * seconds print nothing.
 */
export function createProgress(out: NodeJS.WriteStream): Progress {
  const running = new Set<Running>();
  const live = out.isTTY;
  let drawn = false;
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    if (drawn) out.write('\r\x1b[2K');
    drawn = false;
  };
  const say = (line: string): void => {
    clear();
    out.write(`${line}\n`);
  };
  const draw = (): void => {
    const slow = [...running].filter(step => Date.now() - step.startedAt >= quietMs);
    if (slow.length === 0) return;
    if (!live) {
      for (const step of slow) say(`… ${describe(step)}`);
      return;
    }
    clear();
    out.write(`… ${slow.map(describe).join('  ·  ')}`.slice(0, Math.max(20, out.columns - 1)));
    drawn = true;
  };

  return {
    say,
    async step(label, work) {
      const step: Running = { label, startedAt: Date.now(), note: '' };
      running.add(step);
      timer ??= setInterval(draw, live ? 500 : plainEveryMs).unref();
      try {
        const result = await work(text => {
          step.note = text;
        });
        if (Date.now() - step.startedAt >= quietMs) say(`✓ ${label} (${elapsed(step)})`);
        return result;
      } finally {
        running.delete(step);
        clear();
        if (running.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      }
    },
  };
}

function describe(step: Running): string {
  return `${step.label}${step.note === '' ? '' : `: ${step.note}`} (${elapsed(step)})`;
}

function elapsed(step: Running): string {
  return `${Math.round((Date.now() - step.startedAt) / 1000)} s`;
}
