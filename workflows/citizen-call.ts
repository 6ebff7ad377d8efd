import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { allHandlersFinished, condition, log, patched, setHandler } from '@temporalio/workflow';
import {
  type CallEffect,
  type CallNews,
  type CallReport,
  callTurn,
  newCall,
} from '../src/domain/case/citizen-call';
import { callLabels } from '../src/domain/case/case-labels';
import type { CallStart } from './contract';
import { Lanes } from './lanes';
import { arrivedAfterAll, callReport, callReturned, toldInVain } from './messages';
import { decided, mail, records } from './proxies';

/**
 * Asks a desk to phone a citizen whom WhatsApp did not reach, again and again until the desk reports a result
 * or the tries are used up. It outlives its case, because most undelivered messages are outcomes.
 */
export async function citizenCall({ caseNumber, tries, resuming }: CallStart): Promise<void> {
  let call = newCall;
  const lanes = new Lanes();

  const take = (event: Parameters<typeof callTurn>[1]): void => {
    const turn = callTurn(call, event, tries, Date.now());
    call = turn.call;
    for (const effect of turn.effects) {
      lanes.add(effect.type === 'note' ? 'case' : 'desk', () => carryOut(effect));
    }
  };

  const carryOut = async (effect: CallEffect): Promise<void> => {
    switch (effect.type) {
      case 'ask':
        take({ type: 'asked', againAt: await ask(caseNumber, effect.attempt, tries) });
        return;
      case 'plan': {
        const againAt = await records.planCall({ from: Date.now() });
        take({ type: 'planned', againAt });
        return;
      }
      case 'note':
        await note(caseNumber, effect.news);
        return;
    }
  };

  setHandler(toldInVain, ({ undelivered: effect }) => take({ type: 'undelivered', effect }), {
    description: 'Another message of the case did not arrive',
  });
  setHandler(arrivedAfterAll, ({ undelivered: effect }) => take({ type: 'arrived', effect }), {
    description: 'A message that had failed arrived',
  });
  setHandler(
    callReport,
    async report => {
      take({ type: 'reported', report });
      await lanes.idle('case');
    },
    {
      description: 'The desk reports the result of its call',
      validator: ({ result, told }: CallReport) => {
        const isEmpty = result === 'reached' && told.length === 0;
        if (call.end !== null || isEmpty)
          throw ApplicationFailure.nonRetryable('refused', 'act-refused', 'callEnded');
      },
    },
  );

  const returned = async (letter: { attempt: number; at: number }): Promise<void> => {
    // Another attempt finds the fallback of the desk.
    await mailRequest({ caseNumber, tries, ...letter });
    if (patched('2026-12-call-returned')) take({ type: 'returned' });
  };

  setHandler(callReturned, letter => lanes.add('desk', () => returned(letter)), {
    description: 'The letter to the desk came back as mail',
  });

  if (resuming) take({ type: 'resumed', ...resuming });

  do {
    while (call.end === null) {
      const { againAt } = call;
      const moved = (): boolean => call.end !== null || call.againAt !== againAt;
      if (againAt === null) {
        await condition(moved);
      } else {
        const summary = 'Aramanın sonucu bekleniyor';
        const isMoved = await condition(moved, Math.max(againAt - Date.now(), 1), { summary });
        if (!isMoved) take({ type: 'timePassed' });
      }
    }
    await condition(() => lanes.allIdle && allHandlersFinished());
  } while (call.end === null);
}

/**
 * Mails the task. Returns when to ask again; null if the citizen's number is unknown. An undeliverable letter
 * counts as asked, so that the tries go on.
 */
async function ask(caseNumber: string, attempt: number, tries: number): Promise<number | null> {
  const hasNumber = await mailRequest({ caseNumber, attempt, tries, at: Date.now() });
  return hasNumber ? records.planCall({ from: Date.now() }) : null;
}

/** Mails the task. Returns false if the citizen's number is unknown. */
async function mailRequest(request: Parameters<typeof mail.askToCall>[0]): Promise<boolean> {
  const { attempt, tries } = request;
  const summary = `Vatandaşın aranması isteniyor (${attempt}/${tries})`;
  try {
    return (await mail.askToCall.executeWithOptions({ summary }, [request])).hasNumber;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('desk not asked to call', { attempt });
    return true;
  }
}

async function note(caseNumber: string, news: CallNews): Promise<void> {
  const summary = `Kayda geçiyor: ${callLabels[news.step]}`;
  await decided.noteCall.executeWithOptions({ summary }, [{ caseNumber, news }]);
}
