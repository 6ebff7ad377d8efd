import { ActivityFailure } from '@temporalio/common';
import { log } from '@temporalio/workflow';
import type { ConversationEffect } from '../src/domain/talk/conversation-state';
import { replyLabels } from '../src/domain/talk/talk-labels';
import { mail, speech, whatsapp } from './proxies';

/** Without an answer of the speech server, the voice note is handled as a recording. */
export async function transcribeNote(citizenId: string, messageId: string): Promise<void> {
  try {
    await speech.transcribe.executeWithOptions({ summary: 'Sesli mesaj yazıya dökülüyor' }, [
      { citizenId, messageId },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn('voice note not transcribed', { messageId });
  }
}

export async function answerCitizen(
  citizenId: string,
  effect: Extract<ConversationEffect, { type: 'reply' }>,
): Promise<void> {
  try {
    const { type, ...order } = effect;
    await whatsapp.reply.executeWithOptions({ summary: `Vatandaşa yanıt: ${replyLabels[order.reply]}` }, [
      { citizenId, ...order },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('reply not delivered', { reply: effect.reply });
  }
}

/** A text that is not delivered is shown to its writer as failed. */
export async function sendPersonWords(citizenId: string, key: string): Promise<void> {
  try {
    await whatsapp.sendWords.executeWithOptions({ summary: 'Görevlinin yazdığı gönderiliyor' }, [
      { citizenId, key },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn('words of staff not delivered');
  }
}

/** If the letter fails, only log it: the citizen already has the phone number. */
export async function mailStaff(citizenId: string, messageIds: string[]): Promise<void> {
  try {
    await mail.tellStaff.executeWithOptions({ summary: 'Görüşme isteği birime iletiliyor' }, [
      { citizenId, messageIds },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('staff not notified');
  }
}
