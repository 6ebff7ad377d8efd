import { condition } from '@temporalio/workflow';

/**
 * Queues of work: sequential within a lane, independent between lanes. A failing mailbox must not delay
 * messages to the citizen or the next deadline.
 */
export class Lanes {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly pending = new Map<string, number>();

  add(lane: string, work: () => Promise<void>): void {
    this.count(lane, 1);
    const before = this.tails.get(lane) ?? Promise.resolve();
    this.tails.set(
      lane,
      before.then(work).finally(() => this.count(lane, -1)),
    );
  }

  isIdle(lane: string): boolean {
    return (this.pending.get(lane) ?? 0) === 0;
  }

  /** Resolves when a lane is empty, including work added meanwhile. */
  async idle(lane: string): Promise<void> {
    await condition(() => this.isIdle(lane));
  }

  get allIdle(): boolean {
    return [...this.pending.values()].every(count => count === 0);
  }

  private count(lane: string, by: number): void {
    this.pending.set(lane, (this.pending.get(lane) ?? 0) + by);
  }
}
