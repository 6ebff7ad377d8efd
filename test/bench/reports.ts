import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FeedbackAnswer } from '../../src/domain/case/case';
import { caseNumberOf, feedbackButtonId } from '../../src/domain/identifiers';
import { messageEnvelope } from '../../src/local/cloud-api/envelopes';
import { createWamid } from '../../src/local/cloud-api/wamid';
import { metaJson, signatureOf } from '../../src/local/cloud-api/webhooks';
import type { HashId } from '../../src/store/store';

/** A webhook with one message of a bench citizen. */
export interface Report {
  body: Buffer;
  wamid: string;
  citizen: number;
}

const line = {
  accountId: '1',
  phoneNumberId: '100000000000001',
  displayPhoneNumber: '905333380606',
  verifiedName: 'Etimesgut Belediyesi',
};
const AGAIN_AFTER_MS = 500;
const FIRST_PHONE = 905_000_000_000;

function reportOf(citizen: number, content: { type: string } & Record<string, unknown>): Report {
  const phone = String(FIRST_PHONE + citizen);
  const wamid = createWamid(phone, 'inbound');
  const sender = {
    ...{ id: phone, name: `Vatandaş ${citizen}`, phone, bsuid: `TR.${phone}`, createdAt: 0 },
    ...{ windowClosesAt: null, lookingUntil: 0, online: true, hasAccount: true, sendsReadReceipts: true },
  };
  return { wamid, citizen, body: metaJson(messageEnvelope(line, sender, wamid, Date.now(), content)) };
}

/** A complete report, which needs no question. */
export function potholeOf(citizen: number): Report {
  const body = `Süvari mahallesi ${citizen}. sokakta çukur var, arabalar zarar görüyor`;
  return reportOf(citizen, { type: 'text', text: { body } });
}

/** A tap on an answer of the survey. */
export function answerTo(caseNumber: string, citizen: number, answer: FeedbackAnswer): Report {
  const reply = { id: feedbackButtonId(caseNumber, answer), title: 'Yanıt' };
  const interactive = { type: 'button_reply', button_reply: reply };
  return reportOf(citizen, { type: 'interactive', interactive });
}

/** Returns the case number of a report. */
export function caseNumberFor({ wamid }: Report, hashId: HashId): string {
  return caseNumberOf(
    createHash('sha256')
      .update(`${hashId(wamid)}:0`)
      .digest(),
    'PK',
  );
}

/** Posts a signed webhook once. Returns the status and the duration in ms. */
export async function post(
  url: string,
  { body }: Report,
  appSecret: string,
): Promise<{ status: number; ms: number }> {
  const begin = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(body, appSecret) },
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(30_000),
  });
  await response.arrayBuffer();
  return { status: response.status, ms: performance.now() - begin };
}

/** Posts like Meta, with retries after 503. Rejects with any status other than 200 and 503. */
export async function deliver(url: string, report: Report, appSecret: string): Promise<void> {
  for (;;) {
    const { status } = await post(url, report, appSecret);
    if (status === 200) return;
    if (status !== 503) throw new Error(`the webhook answered ${status}`);
    await pause(AGAIN_AFTER_MS);
  }
}
