import type { CaseState } from './case';
import type { CaseEffect } from './case-events';
import type { CaseFact } from './case-facts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const HANDLED_IDS_KEPT = 200;

/**
 * One turn of a case: a private copy of its state, with the facts and effects that an event adds. Facts count up
 * the revision of the record, effects the number that makes each of them happen once.
 */
export class Turn {
  readonly state: CaseState;
  readonly facts: CaseFact[] = [];
  readonly effects: CaseEffect[] = [];

  constructor(
    before: CaseState,
    readonly now: number,
  ) {
    this.state = { ...before };
  }

  /** Whether this message or action comes for the first time; from then on it is known. */
  isFirst(id: string): boolean {
    if (this.state.handled.includes(id)) return false;
    this.state.handled = [...this.state.handled, id].slice(-HANDLED_IDS_KEPT);
    return true;
  }

  record(fact: Without<CaseFact, 'at'>): void {
    this.facts.push({ at: this.now, ...fact });
    this.state.revision += 1;
  }

  issue(effect: Without<CaseEffect, 'effect'>): void {
    this.state.effects += 1;
    this.effects.push({ effect: this.state.effects, ...effect });
  }
}
