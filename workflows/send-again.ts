import { ActivityFailure } from '@temporalio/common';
import { log } from '@temporalio/workflow';
import type { NewLinkWish, SendAgain } from './contract';
import { mail } from './proxies';

/**
 * Sends a message or letter of a case again, on the order of `admin resend`. Returns why it was refused for good, or
 * null if it was accepted. The record of the copy tells the rest.
 */
export async function sendAgain(input: SendAgain): Promise<{ refused: string | null }> {
  try {
    return await mail.sendCopy.executeWithOptions({ summary: 'Yeniden gönderiliyor' }, [input]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('not sent again', { copy: input.copy });
    return { refused: 'exhausted' };
  }
}

/** Mails a department a new link to its task. The web role starts it, at most once an hour for each case. */
export async function newTaskLink(input: NewLinkWish): Promise<void> {
  try {
    await mail.mailNewLink.executeWithOptions({ summary: 'Yeni bağlantı gönderiliyor' }, [input]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('new link not delivered', { caseNumber: input.caseNumber });
  }
}
