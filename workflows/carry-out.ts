import { ActivityFailure, TemporalFailure } from '@temporalio/common';
import { getExternalWorkflowHandle, log } from '@temporalio/workflow';
import type { CaseState } from '../src/domain/case/case';
import type { CaseEffect, CaseEvent, CaseNews } from '../src/domain/case/case-events';
import { effectWords } from '../src/domain/case/case-labels';
import { caseWorkflowId } from '../src/domain/identifiers';
import { mail, media, records, whatsapp } from './asking';
import { leaderEnded, memberJoined, memberLeft } from './messages';

/** The lane of an effect; see `Lanes`. */
export function laneOf(effect: CaseEffect): string {
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
export async function carryOut(effect: CaseEffect, state: CaseState): Promise<CaseEvent | null> {
  const { caseNumber } = state;
  const summary = effectWords(effect, state.plan.desk.name);
  switch (effect.type) {
    case 'plan': {
      const { type: _, effect: number, ...asked } = effect;
      const plan = await records.planTask.executeWithOptions({ summary }, [{ caseNumber, ...asked }]);
      return { type: 'planned', plan, after: asked.after, effect: number };
    }
    case 'tellCitizen': {
      const { news, actionId } = effect;
      const input = { caseNumber, effect: effect.effect, news, ...(actionId && { actionId }) };
      return unlessExhausted(
        () => whatsapp.tellCitizen.executeWithOptions({ summary }, [input]),
        () => undelivered(caseNumber, effect.effect, 'citizen'),
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
