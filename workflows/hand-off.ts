import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { allHandlersFinished, condition, log, setHandler } from '@temporalio/workflow';
import {
  awaitedLabels,
  handOffAnswers,
  type HandOffEffect,
  handOffLabels,
  type HandOffLetter,
  handOffLetterLabels,
  type HandOffReport,
  handOffTurn,
  newHandOff,
} from '../src/domain/case/hand-off';
import type { HandOffInput } from './contract';
import { Lanes } from './lanes';
import { handOffAdded, handOffReport, handOffReturned, recalled } from './messages';
import { decided, mail, records } from './proxies';

/**
 * Brings a matter to an institution and watches it until the institution answers, the watch is over, or the case is
 * reopened. It outlives its case, which ends for the citizen with the hand-off.
 */
export async function handOff({
  caseNumber,
  number,
  institution,
  way,
  resuming,
  ...terms
}: HandOffInput): Promise<void> {
  let state = newHandOff(way);
  let letters = resuming?.letters ?? 0;
  const lanes = new Lanes();

  const take = (event: Parameters<typeof handOffTurn>[1]): void => {
    const turn = handOffTurn(state, event, terms, Date.now());
    state = turn.handOff;
    for (const effect of turn.effects) {
      lanes.add(effect.type === 'note' ? 'case' : 'letters', () => carryOut(effect));
    }
  };

  const carryOut = async (effect: HandOffEffect): Promise<void> => {
    switch (effect.type) {
      case 'send':
        letters += 1;
        if (!(await send(effect.letter, letters, effect.added)))
          take({ type: 'undelivered', letter: effect.letter });
        return;
      case 'plan': {
        const from = Date.now();
        const againAt =
          effect.awaits === 'answer' ? from + terms.answerWithinMs : await records.planHandOff({ from });
        take({ type: 'planned', againAt });
        return;
      }
      case 'note': {
        const summary = `Kayda geçiyor: ${handOffLabels[effect.news.step]}`;
        const news = { number, institution, ...effect.news };
        await decided.noteHandOff.executeWithOptions({ summary }, [{ caseNumber, news }]);
      }
    }
  };

  /** Mails a letter. Returns false if it cannot be delivered. */
  const send = async (letter: HandOffLetter, count: number, added?: string[]): Promise<boolean> => {
    const summary = handOffLetterLabels[letter];
    try {
      await mail.mailHandOff.executeWithOptions({ summary }, [
        { caseNumber, number, institution, letter, count, ...(added && { added }) },
      ]);
      return true;
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      log.error('letter of a hand-off not delivered', { letter });
      return false;
    }
  };

  const returned = async (letter: HandOffLetter, count: number): Promise<void> => {
    // Another attempt finds the fallback of our desk; an institution has none.
    if (!(await send(letter, count))) take({ type: 'undelivered', letter, bounced: true });
  };

  setHandler(handOffReturned, ({ letter, count }) => lanes.add('letters', () => returned(letter, count)), {
    description: 'A letter came back as mail',
  });
  setHandler(handOffAdded, ({ messageIds }) => take({ type: 'added', messageIds }), {
    description: 'The citizen wrote more about the matter',
  });
  setHandler(recalled, () => take({ type: 'recalled' }), { description: 'The case was reopened' });
  setHandler(
    handOffReport,
    async report => {
      take({ type: 'reported', report });
      await lanes.idle('case');
    },
    {
      description: 'The institution or our desk reports',
      validator: ({ answer, by }: HandOffReport) => {
        if (!handOffAnswers(state.awaits, by).includes(answer))
          throw ApplicationFailure.nonRetryable('refused', 'act-refused', 'handOffMoved');
      },
    },
  );

  take(resuming ? { type: 'resumed', ...resuming } : { type: 'begun' });
  while (state.awaits !== null) {
    const { againAt, awaits } = state;
    const moved = (): boolean => state.awaits === null || state.againAt !== againAt;
    if (againAt === null) {
      await condition(moved);
    } else {
      const summary = awaitedLabels[awaits];
      const isMoved = await condition(moved, Math.max(againAt - Date.now(), 1), { summary });
      if (!isMoved) take({ type: 'timePassed' });
    }
  }
  await condition(() => lanes.allIdle && allHandlersFinished());
}
