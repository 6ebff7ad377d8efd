import type { SandboxCitizen } from './citizens';
import type { Content } from './threads';

/** The municipality's number in webhooks. */
export interface BusinessNumber {
  accountId: string;
  phoneNumberId: string;
  /** Digits with country code. */
  displayPhoneNumber: string;
  /** The name that Meta verified, shown above each chat. */
  verifiedName: string;
}

const unixSeconds = (ms: number): string => String(Math.floor(ms / 1000));

const envelope = (line: BusinessNumber, value: object): object => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: line.accountId,
      changes: [
        {
          value: {
            messaging_product: 'whatsapp',
            metadata: {
              display_phone_number: line.displayPhoneNumber,
              phone_number_id: line.phoneNumberId,
            },
            ...value,
          },
          field: 'messages',
        },
      ],
    },
  ],
});

const contactOf = (citizen: SandboxCitizen): object => ({
  profile: {
    name: citizen.name,
    ...(citizen.username === undefined ? {} : { username: citizen.username }),
  },
  ...(citizen.phone === undefined ? {} : { wa_id: citizen.phone }),
  ...(citizen.bsuid === undefined ? {} : { user_id: citizen.bsuid }),
});

/**
 * Returns the webhook of one received message. `content` may override any common key, to create malformed payloads.
 */
export function messageEnvelope(
  line: BusinessNumber,
  citizen: SandboxCitizen,
  wamid: string,
  at: number,
  content: Content,
): object {
  const message = {
    ...(citizen.phone === undefined ? {} : { from: citizen.phone }),
    ...(citizen.bsuid === undefined ? {} : { from_user_id: citizen.bsuid }),
    id: wamid,
    timestamp: unixSeconds(at),
    ...content,
  };
  const contacts = content.type === 'system' ? {} : { contacts: [contactOf(citizen)] };
  return envelope(line, { ...contacts, messages: [message] });
}

type PriceCategory = 'service' | 'utility' | 'marketing' | 'authentication';

export interface StatusUpdate {
  wamid: string;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  at: number;
  callbackData?: string | undefined;
  /** Present on `sent` and on one of `delivered` and `read`. */
  priceCategory?: PriceCategory | undefined;
  errors?: object[] | undefined;
}

/** The recipient of a status. Without a citizen only the address is known. */
export type Recipient = { citizen: SandboxCitizen } | { phone: string } | { bsuid: string };

export function statusEnvelope(line: BusinessNumber, recipient: Recipient, update: StatusUpdate): object {
  const known = 'citizen' in recipient ? recipient.citizen : undefined;
  const phone = 'phone' in recipient ? recipient.phone : known?.phone;
  const bsuid = 'bsuid' in recipient ? recipient.bsuid : known?.bsuid;
  const status = {
    id: update.wamid,
    status: update.status,
    timestamp: unixSeconds(update.at),
    ...(phone === undefined ? {} : { recipient_id: phone }),
    ...(bsuid === undefined ? {} : { recipient_user_id: bsuid }),
    ...(update.callbackData === undefined ? {} : { biz_opaque_callback_data: update.callbackData }),
    ...(update.priceCategory === undefined
      ? {}
      : {
          pricing: {
            billable: true,
            pricing_model: 'PMP',
            category: update.priceCategory,
            type: 'regular',
          },
        }),
    ...(update.errors === undefined ? {} : { errors: update.errors }),
  };
  const contacts = known === undefined || update.status === 'failed' ? {} : { contacts: [contactOf(known)] };
  return envelope(line, { ...contacts, statuses: [status] });
}

/** Returns the webhook of a notice about the account, its number or its templates; these have no metadata. */
export function noticeEnvelope(line: BusinessNumber, at: number, field: string, value: object): object {
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: line.accountId, time: Math.floor(at / 1000), changes: [{ value, field }] }],
  };
}
