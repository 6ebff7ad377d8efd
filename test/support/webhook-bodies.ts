import { randomBytes } from 'node:crypto';
import { metaJson, signatureOf } from '../../src/local/cloud-api/webhooks';
import type { Intake } from '../../src/whatsapp/intake';
import type { Person } from './line/phones';
import { until } from './until';

export const appSecret = 'app-secret';
/** Meta's id of the line, as in the payload files. */
export const phoneNumberId = '106540352242922';

/** Returns a unique message id in Meta's format. */
export function freshWamid(): string {
  return `wamid.${randomBytes(24).toString('base64')}`;
}

/** Returns a text message of a webhook. Members may be replaced; `undefined` removes one. */
export function textMessage(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    from: '905321110000',
    id: freshWamid(),
    timestamp: String(Math.floor(Date.now() / 1_000)),
    type: 'text',
    text: { body: 'Süvari mahallesinde çukur var' },
    ...parts,
  };
}

/** The names under which Meta reports a sender. */
type Names = 'number' | 'userId' | 'both';

/** A message of a person under some of the names. `at` is epoch ms UTC. */
export function saidAs(
  { phone, bsuid }: Pick<Person, 'phone' | 'bsuid'>,
  names: Names,
  content: object,
  at = Date.now(),
): Record<string, unknown> {
  return {
    ...(names !== 'userId' && { from: phone }),
    ...(names !== 'number' && { from_user_id: bsuid }),
    ...{ id: freshWamid(), timestamp: String(Math.floor(at / 1_000)) },
    ...content,
  };
}

/** An envelope with one change of the field `messages`. */
export function envelope(value: unknown, field: unknown = 'messages'): unknown {
  return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field, value }] }] };
}

/** Returns the bytes of a webhook with these messages, escaped as by Meta. */
export function messagesBody(...messages: unknown[]): Buffer {
  return metaJson(envelope({ messaging_product: 'whatsapp', messages }));
}

export function statusesBody(...statuses: unknown[]): Buffer {
  return metaJson(envelope({ messaging_product: 'whatsapp', statuses }));
}

export function bodyOf(payload: unknown): Buffer {
  return Buffer.from(JSON.stringify(payload));
}

/** Posts a body like Meta, signed unless headers are given. */
export function post(url: string, body: Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'x-hub-signature-256': signatureOf(body, appSecret), ...headers },
  });
}

/** Redelivers a body until it is accepted, like Meta. */
export async function deliveredBy(intake: Intake, body: Buffer): Promise<void> {
  await until(
    async () => {
      const refusal = await intake(body).then(
        () => null,
        (error: unknown) => error,
      );
      if (refusal !== null) expect(refusal).toMatchObject({ code: 'store-unavailable', status: 503 });
      return refusal === null;
    },
    'acceptance of the body',
    110_000,
  );
}
