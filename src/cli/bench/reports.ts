import { createHash } from 'node:crypto';
import { messageEnvelope } from '../../local/cloud-api/envelopes';
import { metaJson, signatureOf } from '../../local/cloud-api/signature';
import { createWamid } from '../../local/cloud-api/wamid';
import { caseNumberOf } from '../../domain/identifiers';
import type { HashId } from '../../store/hash-key';

/** A webhook with one message of a citizen of the bench. */
export interface Report {
  body: Buffer;
  wamid: string;
  citizen: number;
}

const line = { accountId: '1', phoneNumberId: '100000000000001', displayPhoneNumber: '905333380606' };
const FIRST_PHONE = 905_000_000_000;

export function reportOf(citizen: number, content: { type: string } & Record<string, unknown>): Report {
  const phone = String(FIRST_PHONE + citizen);
  const wamid = createWamid(phone, 'inbound');
  const sender = {
    ...{ id: phone, name: `Vatandaş ${citizen}`, phone, bsuid: `TR.${phone}`, createdAt: 0 },
    ...{ windowClosesAt: null, lookingUntil: 0, online: true, hasAccount: true, sendsReadReceipts: true },
  };
  return { wamid, citizen, body: metaJson(messageEnvelope(line, sender, wamid, Date.now(), content)) };
}

/** A report that needs no question: it tells what and where. */
export function potholeOf(citizen: number): Report {
  const body = `Süvari mahallesi ${citizen}. sokakta çukur var, arabalar zarar görüyor`;
  return reportOf(citizen, { type: 'text', text: { body } });
}

/** The number that the line gives to the case of a report. */
export function caseNumberFor({ wamid }: Report, hashId: HashId): string {
  return caseNumberOf(
    createHash('sha256')
      .update(`${hashId(wamid)}:0`)
      .digest(),
  );
}

/** Posts a webhook as Meta does; rejects unless it is answered with 200. Returns the ms it took. */
export async function post(url: string, { body }: Report, appSecret: string): Promise<number> {
  const begin = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signatureOf(body, appSecret) },
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(30_000),
  });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`the webhook answered ${response.status}`);
  return performance.now() - begin;
}
