import { ActivityFailure } from '@temporalio/common';
import { condition, continueAsNew, log, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  goOn,
  hear,
  newConversation,
  type ConversationEffect,
  type ConversationTurn,
  type MessageFacts,
} from '../src/domain/conversation';
import { replyWords } from '../src/domain/case-words';
import { records, whatsapp } from './asking';
import { Lanes } from './lanes';
import { inbound, type ConversationInput } from './messages';

const HANDLED_IDS_KEPT = 500;

/**
 * The talk with one citizen. It serialises what the citizen sends, gathers a burst into one report, asks for what
 * is missing and opens cases. It ends when nothing is pending; the next message starts it again, and what must
 * outlive a run is in the records.
 */
export async function conversation({ citizenId, pace, carried }: ConversationInput): Promise<void> {
  const queue: string[] = carried?.queue ?? [];
  let handled: string[] = carried?.handled ?? [];
  let state = carried?.state ?? newConversation;
  const lanes = new Lanes();

  setHandler(
    inbound,
    ({ messageId }) => {
      if (handled.includes(messageId)) return;
      handled = [...handled, messageId].slice(-HANDLED_IDS_KEPT);
      queue.push(messageId);
    },
    { description: 'The citizen wrote' },
  );

  const take = async (turn: ConversationTurn): Promise<void> => {
    state = turn.state;
    for (const effect of turn.effects) await carryOut(effect);
  };

  const carryOut = async (effect: ConversationEffect): Promise<void> => {
    switch (effect.type) {
      case 'reply':
        lanes.add('citizen', () => reply(citizenId, effect));
        return;
      case 'openCase':
        await records.openCase.executeWithOptions({ summary: 'Kayıt açılıyor' }, [
          { citizenId, messageIds: effect.messageIds },
        ]);
        return;
      case 'addToCase':
        await records.addToCase({ citizenId, caseNumber: effect.caseNumber, messageIds: effect.messageIds });
        return;
      case 'note':
        await records.noteMessages({ messageIds: effect.messageIds });
        return;
    }
  };

  for (;;) {
    for (let messageId = queue.shift(); messageId; messageId = queue.shift()) {
      const facts = await readMessage(citizenId, messageId);
      if (facts) await take(hear(state, facts, pace, Date.now()));
    }
    if (workflowInfo().continueAsNewSuggested && lanes.allIdle) {
      await continueAsNew<typeof conversation>({ citizenId, pace, carried: { state, queue, handled } });
    }
    if (state.deadline === null) {
      await condition(() => queue.length > 0 || lanes.allIdle);
      if (queue.length === 0) return;
    } else {
      const wait = Math.max(state.deadline - Date.now(), 1);
      const summary =
        state.phase === 'gathering' ? 'Vatandaş yazmayı sürdürebilir' : 'Vatandaşın yanıtı bekleniyor';
      const more = await condition(() => queue.length > 0, wait, { summary });
      if (!more) await take(goOn(state, pace, Date.now()));
    }
  }
}

/** A message whose record was erased meanwhile must not hold up the others. */
async function readMessage(citizenId: string, messageId: string): Promise<MessageFacts | null> {
  try {
    return await records.readMessage.executeWithOptions({ summary: 'Mesaj okunuyor' }, [
      { citizenId, messageId },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('message could not be read', { messageId });
    return null;
  }
}

async function reply(
  citizenId: string,
  effect: Extract<ConversationEffect, { type: 'reply' }>,
): Promise<void> {
  try {
    const { reply: kind, messageIds } = effect;
    await whatsapp.reply.executeWithOptions({ summary: `Vatandaşa yanıt: ${replyWords[kind]}` }, [
      { citizenId, reply: kind, messageIds },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('reply could not be delivered', { reply: effect.reply });
  }
}
