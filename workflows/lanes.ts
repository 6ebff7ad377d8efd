import { condition } from '@temporalio/workflow';

/**
 * Work in lanes: within a lane one after the other, between lanes independent, so that a dead mailbox keeps
 * neither the citizen nor the next deadline waiting.
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

  /** Resolves once a lane has nothing left to do, also of what was added meanwhile. */
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
