import { ActivityFailure } from '@temporalio/common';
import { log } from '@temporalio/workflow';
import type { CaseState } from '../src/domain/case';
import type { CaseEffect, CaseEvent } from '../src/domain/case-events';
import { effectWords } from '../src/domain/case-words';
import { mail, media, records, whatsapp } from './asking';

/** The lane of an effect; see `Lanes`. */
export function laneOf(effect: CaseEffect): string {
  switch (effect.type) {
    case 'plan':
      return 'records';
    case 'tellCitizen':
      return 'citizen';
    case 'mail':
      return `mail:${effect.to}`;
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
      const { department, from, after } = effect;
      const plan = await records.planTask.executeWithOptions({ summary }, [{ caseNumber, department, from }]);
      return { type: 'planned', plan, after };
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
    case 'keepPhoto': {
      const { messageId } = effect;
      return unlessExhausted(
        () => media.keepPhoto.executeWithOptions({ summary }, [{ caseNumber, messageId }]),
        async () => ({ type: 'photoLost', messageId }),
      );
    }
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
