import { ActivityFailure, TemporalFailure } from '@temporalio/common';
import {
  getExternalWorkflowHandle,
  log,
  patched,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import {
  caseAttributes,
  type CaseAttributes,
  caseDetails,
  changedAttributes,
} from '../src/domain/case/temporal-ui';
import type { CaseState } from '../src/domain/case/case';
import { nextDeadline } from '../src/domain/case/case-clocks';
import type { CaseEffect, CaseEvent, CaseFact, CaseNews } from '../src/domain/case/case-events';
import { effectLabel, factLabel } from '../src/domain/case/case-labels';
import { takeTurn } from '../src/domain/case/case-life';
import { caseWorkflowId } from '../src/domain/identifiers';
import { Lanes } from './lanes';
import {
  attributeUpdates,
  leaderCorrected,
  leaderEnded,
  leaderPlanned,
  memberJoined,
  memberLeft,
} from './messages';
import { decided, mail, media, records, whatsapp } from './proxies';

const FACTS_REMEMBERED = 10;
/** The timeline of the Temporal UI truncates labels at this length. */
const LONGEST_SUMMARY = 120;

/** One run of a case: applies events to its state and carries out the facts and effects that follow. */
export class CaseRun {
  private readonly lanes = new Lanes();
  private story: CaseFact[] = [];

  constructor(
    public state: CaseState,
    private published: CaseAttributes,
  ) {}

  take(event: CaseEvent): void {
    const { state, facts, effects } = takeTurn(this.state, event, Date.now());
    this.state = state;
    if (facts.length > 0) this.record(facts);
    for (const effect of effects) {
      const lane = laneOf(effect);
      this.lanes.add(lane, async () => {
        // Write the record first: notifications read from it.
        if (lane !== 'records') await this.recorded();
        const news = await carryOut(effect, this.state);
        if (news) this.take(news);
      });
    }
    this.publish(facts);
  }

  /**
   * Applies passed deadlines before an event, so that a missed deadline counts as missed even if the event
   * arrives first.
   */
  letTimePass(): void {
    const next = nextDeadline(this.state);
    // Call `patched` only when needed, because it adds an event to the history.
    if (next && next.at <= Date.now() && patched('2026-11-time-before-acts')) this.takeTime();
  }

  /** Applies passed deadlines. */
  takeTime(): void {
    const { pauseLimitAt } = this.state;
    const isWaitOver = pauseLimitAt !== null && pauseLimitAt <= Date.now();
    const inHours = isWaitOver && patched('2026-11-wait-ends-in-hours');
    this.take({ type: 'timePassed', ...(inHours && { inHours }) });
  }

  takeInTime(event: CaseEvent): void {
    this.letTimePass();
    this.take(event);
  }

  /** Resolves when the record contains the current state. */
  recorded(): Promise<void> {
    return this.lanes.idle('records');
  }

  /** Writes the state again, with the facts that are still remembered, because the record is older. */
  recordAgain(): void {
    this.record(this.story);
  }

  /** Whether all effects have been carried out. */
  get isSettled(): boolean {
    return this.lanes.allIdle;
  }

  private record(facts: CaseFact[]): void {
    const { handled, ...progress } = this.state;
    const summary = `Kayda geçti: ${facts.map(factLabel).join(', ')}`.slice(0, LONGEST_SUMMARY);
    this.lanes.add('records', () =>
      records.recordCase.executeWithOptions({ summary }, [{ progress, facts }]),
    );
  }

  private publish(facts: CaseFact[]): void {
    const attributes = caseAttributes(this.state);
    const changes = changedAttributes(this.published, attributes);
    if (Object.keys(changes).length > 0) upsertSearchAttributes(attributeUpdates(changes));
    this.published = attributes;
    this.story = [...this.story, ...facts].slice(-FACTS_REMEMBERED);
    setCurrentDetails(caseDetails(this.state, this.story));
  }
}

/** The lane of an effect; see `Lanes`. */
function laneOf(effect: CaseEffect): string {
  switch (effect.type) {
    case 'plan':
    case 'readIncident':
      return 'records';
    case 'tellCitizen':
    case 'passOn':
      return 'citizen';
    case 'recall':
    case 'passAddition':
      return 'handOff';
    case 'mail':
      // An alarm never waits for a failing mailbox.
      return effect.letter === 'alarm' ? `alarm:${effect.effect}` : `mail:${effect.to}`;
    case 'tellCase':
      return `case:${effect.caseNumber}`;
    case 'keepFile':
      return `file:${effect.messageId}`;
  }
}

/**
 * Carries out an effect and returns the resulting event for the case, or null. An undeliverable message
 * becomes a fact of the case and goes another way, but never fails the workflow.
 */
async function carryOut(effect: CaseEffect, state: CaseState): Promise<CaseEvent | null> {
  const { caseNumber } = state;
  const summary = effectLabel(effect, state.plan.desk.name);
  switch (effect.type) {
    case 'plan': {
      const { type: _, effect: number, ...asked } = effect;
      const plan = await records.planTask.executeWithOptions({ summary }, [{ caseNumber, ...asked }]);
      const actionId = 'actionId' in asked ? asked.actionId : undefined;
      return {
        type: 'planned',
        plan,
        after: asked.after,
        effect: number,
        ...(actionId !== undefined && { actionId }),
      };
    }
    case 'tellCitizen': {
      const { type: _, effect: number, ...told } = effect;
      const input = { caseNumber, effect: number, ...told };
      return unlessExhausted(
        () => whatsapp.tellCitizen.executeWithOptions({ summary }, [input]),
        () => undelivered(caseNumber, number, 'citizen'),
      );
    }
    case 'mail': {
      const { type, effect: number, ...order } = effect;
      return unlessExhausted(
        () => mail.mailLetter.executeWithOptions({ summary }, [{ caseNumber, effect: number, order }]),
        () => undelivered(caseNumber, number, order.to),
      );
    }
    case 'tellCase':
      return tellCase(caseNumber, effect.caseNumber, effect.news);
    case 'keepFile': {
      const { messageId } = effect;
      return unlessExhausted(
        () => media.keepFile.executeWithOptions({ summary }, [{ caseNumber, messageId }]),
        async () => ({ type: 'fileLost', messageId }),
      );
    }
    case 'passOn': {
      const { institution, effect: number } = effect;
      const asked = { caseNumber, number, institution };
      const { way } = await decided.passOn.executeWithOptions({ summary }, [asked]);
      return { type: 'passedOn', number, institution, way };
    }
    case 'readIncident': {
      const { incident } = effect;
      const { until } = await records.readIncident.executeWithOptions({ summary }, [{ incident }]);
      return { type: 'incidentRead', until };
    }
    case 'recall': {
      const { number } = effect;
      await decided.recallHandOff.executeWithOptions({ summary }, [{ caseNumber, number }]);
      return null;
    }
    case 'passAddition': {
      const { type: _, effect: __, ...added } = effect;
      await decided.passAddition.executeWithOptions({ summary }, [added]);
      return null;
    }
  }
}

/**
 * Sends news to another case. If the leading case does not exist, its follower becomes a separate case. If a
 * follower does not exist, nothing has to be done.
 */
async function tellCase(own: string, other: string, news: CaseNews): Promise<CaseEvent | null> {
  const handle = getExternalWorkflowHandle(caseWorkflowId(other));
  try {
    switch (news.type) {
      case 'memberJoined':
        await handle.signal(memberJoined, { caseNumber: own });
        return null;
      case 'memberLeft':
        await handle.signal(memberLeft, { caseNumber: own });
        return null;
      case 'leaderEnded':
        await handle.signal(leaderEnded, { outcome: news.outcome, actionId: news.actionId });
        return null;
      case 'leaderPlanned':
        await handle.signal(leaderPlanned, { actionId: news.actionId, moved: news.moved });
        return null;
      case 'leaderCorrected': {
        const { type: _, ...corrected } = news;
        await handle.signal(leaderCorrected, corrected);
        return null;
      }
    }
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    return news.type === 'memberJoined' ? { type: 'leaderEnded', outcome: null, actionId: null } : null;
  }
}

async function unlessExhausted(
  work: () => Promise<void>,
  otherwise: () => Promise<CaseEvent>,
): Promise<CaseEvent | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return otherwise();
  }
}

/**
 * Finds another way for a message that was not delivered: a call to the citizen, a letter to the operator for
 * everyone else. If that fails as well, only log it.
 */
export async function undelivered(
  caseNumber: string,
  effect: number,
  recipient: Extract<CaseEvent, { type: 'notDelivered' }>['recipient'],
): Promise<CaseEvent> {
  const alert = { caseNumber, undelivered: effect, recipient };
  try {
    const summary = recipient === 'citizen' ? 'Vatandaşa başka yoldan ulaşılıyor' : 'Operatöre bildirim';
    await mail.alertOperator.executeWithOptions({ summary }, [alert]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('no other way found', { undelivered: effect });
  }
  return { type: 'notDelivered', undelivered: effect, recipient };
}

/**
 * Cancels the call to the citizen, or the operator's alarm of earlier versions: the message was delivered after
 * all. If that fails, only log it.
 */
export async function arrived(caseNumber: string, effect: number): Promise<CaseEvent> {
  const alert = { caseNumber, undelivered: effect, recipient: 'citizen', arrived: true } as const;
  try {
    await mail.alertOperator.executeWithOptions({ summary: 'Mesaj ulaştı, aramaya gerek kalmadı' }, [alert]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('call not cancelled', { arrived: effect });
  }
  return { type: 'arrivedLate', undelivered: effect };
}
