import { ActivityFailure, TemporalFailure } from '@temporalio/common';
import {
  getExternalWorkflowHandle,
  log,
  patched,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { caseAttributes, type CaseAttributes, changedAttributes } from '../src/domain/case/attributes';
import type { CaseState } from '../src/domain/case/case';
import { nextDeadline } from '../src/domain/case/case-clocks';
import { caseDetails } from '../src/domain/case/case-details';
import type { CaseEffect, CaseEvent, CaseFact, CaseNews } from '../src/domain/case/case-events';
import { effectLabel, factLabel } from '../src/domain/case/case-labels';
import { takeTurn } from '../src/domain/case/case-life';
import { caseWorkflowId } from '../src/domain/identifiers';
import { Lanes } from './lanes';
import { leaderEnded, leaderPlanned, memberJoined, memberLeft } from './messages';
import { mail, media, records, whatsapp } from './proxies';
import { attributeUpdates } from './search-attributes';

const FACTS_REMEMBERED = 10;
/** The timeline of the Temporal UI cuts labels here. */
const LONGEST_SUMMARY = 120;

/** One run of a case: takes events into its state and sees to it that their facts and effects happen. */
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

  /** Time passes before something happens: a deadline that is over has been missed, whoever comes after it. */
  letTimePass(): void {
    const next = nextDeadline(this.state);
    // Asked for only when it matters, since the answer is an event of the history.
    if (next && next.at <= Date.now() && patched('2026-11-time-before-acts'))
      this.take({ type: 'timePassed' });
  }

  takeInTime(event: CaseEvent): void {
    this.letTimePass();
    this.take(event);
  }

  /** Resolves once the record shows the state. */
  recorded(): Promise<void> {
    return this.lanes.idle('records');
  }

  /** Whether everything that was set in motion has been done. */
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
      return 'records';
    case 'tellCitizen':
      return 'citizen';
    case 'mail':
      return `mail:${effect.to}`;
    case 'tellCase':
      return `case:${effect.caseNumber}`;
    case 'keepPhoto':
      return `photo:${effect.messageId}`;
  }
}

/**
 * Carries out one effect and returns what the case has to hear of it, if anything. A message that cannot be
 * delivered becomes a fact of the case and a letter to the operator, never a failed workflow.
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
    case 'keepPhoto': {
      const { messageId } = effect;
      return unlessExhausted(
        () => media.keepPhoto.executeWithOptions({ summary }, [{ caseNumber, messageId }]),
        async () => ({ type: 'photoLost', messageId }),
      );
    }
  }
}

/** A leader that is not there any more sets its follower free; a follower that has ended needs nothing. */
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

/** Tells the operator; that this letter fails too can only be logged. */
export async function undelivered(
  caseNumber: string,
  effect: number,
  recipient: Extract<CaseEvent, { type: 'notDelivered' }>['recipient'],
): Promise<CaseEvent> {
  const alert = { caseNumber, undelivered: effect, recipient };
  try {
    await mail.alertOperator.executeWithOptions({ summary: 'Operatöre bildirim' }, [alert]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('operator could not be reached', { undelivered: effect });
  }
  return { type: 'notDelivered', undelivered: effect, recipient };
}

/** Takes the operator's alarm back, because the message arrived after all. A failure of that letter is only logged. */
export async function arrived(caseNumber: string, effect: number): Promise<CaseEvent> {
  const alert = { caseNumber, undelivered: effect, recipient: 'citizen', arrived: true } as const;
  try {
    await mail.alertOperator.executeWithOptions({ summary: 'Operatöre bildirim: mesaj ulaştı' }, [alert]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('operator could not be reached', { arrived: effect });
  }
  return { type: 'arrivedLate', undelivered: effect };
}
