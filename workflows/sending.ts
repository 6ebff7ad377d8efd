import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { log, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { EventActivities, NewLinkWish, SendAgain, SignInWish } from './contract';
import { type GatheredLetter, type Gathering, letterGathered } from './messages';
import { decided, mail } from './proxies';

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

/** Mails a member of staff a link to sign in. The web role starts it, once for each person and turn. */
export async function staffSignIn(input: SignInWish): Promise<void> {
  try {
    await mail.mailSignIn.executeWithOptions({ summary: 'Giriş bağlantısı gönderiliyor' }, [input]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.error('sign-in link not delivered', { turn: input.turn });
  }
}

/**
 * Gathers the letters to one address until a time, and mails them as one. If that fails, each becomes a delivery failure
 * of its case.
 */
export async function openingLetter({ until, later = false }: Gathering): Promise<void> {
  let waiting: GatheredLetter[] = [];
  const taken = new Set<string>();
  setHandler(letterGathered, letter => {
    if (!taken.has(letter.key)) waiting.push(letter);
    taken.add(letter.key);
  });
  const summary = `${later ? 'Birlikte' : 'Mesai başında'} gidecek bildirimler toplanıyor`;
  await sleep(Math.max(until - Date.now(), 1), { summary });
  while (waiting.length > 0) {
    const letters = waiting;
    waiting = [];
    try {
      const summary = `${later ? 'Ortak mektup' : 'Mesai başı mektubu'}: ${letters.length} bildirim`;
      await mail.mailOpening.executeWithOptions({ summary }, [{ letters, later }]);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      log.error('gathered letters not delivered', { letters: letters.length });
      await decided.loseOpening.executeWithOptions({ summary: 'Ulaşmayan bildirimler' }, [{ letters }]);
    }
  }
}

/** About three days, like letters: attempts double from ten seconds to four hours. */
const { sendEvent } = proxyActivities<EventActivities>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '72h',
  retry: { initialInterval: '10s', backoffCoefficient: 2, maximumInterval: '4h', maximumAttempts: 30 },
});
const { buryEvent } = proxyActivities<EventActivities>({ startToCloseTimeout: '30s' });

/** Posts an event to the municipality's own systems. After the last attempt it becomes a dead letter. */
export async function deliverEvent({ eventId }: { eventId: string }): Promise<void> {
  try {
    await sendEvent.executeWithOptions({ summary: 'Olay dış sisteme iletiliyor' }, [{ eventId }]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const reason = error.cause instanceof ApplicationFailure ? error.cause.message : 'exhausted';
    log.error('event not delivered', { eventId, reason });
    await buryEvent.executeWithOptions({ summary: 'İletilemeyen olay saklanıyor' }, [{ eventId, reason }]);
  }
}
