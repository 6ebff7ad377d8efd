import { setTimeout as pause } from 'node:timers/promises';
import { messageEnvelope } from '../../../src/local/cloud-api/envelopes';
import { metaJson, signatureOf } from '../../../src/local/cloud-api/webhooks';
import { createWamid } from '../../../src/local/cloud-api/wamid';
import type { Person } from './phones';

/** A message delivered by Meta: its id and the bytes of its webhook. */
export interface Parcel {
  wamid: string;
  body: Buffer;
}

const line = {
  accountId: '102290129340398',
  phoneNumberId: '106540352242922',
  displayPhoneNumber: '905333380606',
  verifiedName: 'Etimesgut Belediyesi',
};

/** A webhook with one message of a person. `sentAt` is epoch ms UTC. */
export function parcelOf(
  { id, name, phone, bsuid }: Person,
  content: { type: string } & Record<string, unknown>,
  sentAt = Date.now(),
): Parcel {
  const wamid = createWamid(phone, 'inbound');
  const citizen = {
    ...{ id, name, phone, bsuid, createdAt: 0, windowClosesAt: null, lookingUntil: 0 },
    ...{ online: true, hasAccount: true, sendsReadReceipts: true },
  };
  return { wamid, body: metaJson(messageEnvelope(line, citizen, wamid, sentAt, content)) };
}

export const textOf = (body: string) => ({ type: 'text', text: { body } });

/** Posts once, signed. Returns the status, or 0 without a response within ten seconds. */
export async function postOnce(url: string, body: Buffer, appSecret: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(body, appSecret) },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** Posts like Meta, with retries until the response is 200. Returns all statuses; rejects after `limitMs`. */
export async function deliver(
  url: string,
  body: Buffer,
  appSecret: string,
  limitMs = 60_000,
): Promise<number[]> {
  const end = Date.now() + limitMs;
  const answers: number[] = [];
  for (;;) {
    const answer = await postOnce(url, body, appSecret);
    answers.push(answer);
    if (answer === 200) return answers;
    if (Date.now() > end) throw new Error(`the webhook never answered 200, last with ${answer}`);
    // Like Meta, waits longer each time, so that a restarted line is not overloaded.
    await pause(Math.min(250 * 2 ** answers.length, 4_000));
  }
}
