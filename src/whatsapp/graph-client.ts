import { MINUTE_MS, SECOND_MS } from '../domain/durations';
import { AppError } from '../errors';
import { errorFields, type Log } from '../logging';
import type { Sender } from '../store/identity-records';
import type { Store } from '../store/store';
import { timeLimit } from '../time-limit';
import { graphFailure, noAnswer, refused } from './graph-failure';
import { asList, asNumber, asText, field } from './loose-json';
import { checkedBytes, fileUrlGate } from './media-file';
import { type OutgoingContent, rendered } from './outgoing';

/**
 * The part of Meta's Cloud API that the line uses. Functions reject with `whatsapp-retry` (with `retryAfterMs` if
 * Meta gave or implied a delay; reason `no-answer` if the message may have been accepted) or with `whatsapp-refused`.
 * The reason is Meta's error number or one word.
 */
export interface GraphClient {
  /** Sends a message and returns its wamid. Meta returns `opaqueKey` in each status webhook. */
  send(recipient: Sender, content: OutgoingContent, opaqueKey: string): Promise<string>;
  /** Uploads a JPEG for later messages and returns its media id, which Meta keeps for 30 days. */
  upload(jpeg: Buffer): Promise<string>;
  /**
   * Marks a message and all earlier ones as read. With `typing` the citizen sees a typing indicator until the next
   * message, 25 seconds at most.
   */
  markRead(wamid: string, typing: boolean): Promise<void>;
  /**
   * Returns a fresh download of a received file, at most `limit` bytes. It can be read once; reading rejects with the
   * same errors.
   */
  download(mediaId: string, limit: number): Promise<AsyncIterable<Uint8Array>>;
}

export interface GraphClientOptions {
  /** The base URL of the Graph API, without the version. */
  url: string;
  /** Like `v26.0`. */
  version: string;
  accessToken: string;
  phoneNumberId: string;
  fetch?: typeof fetch;
}

const CALL_LIMIT_MS = 10_000;
const DOWNLOAD_LIMIT_MS = MINUTE_MS;

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { accessToken, phoneNumberId, fetch: call = fetch } = options;
  const base = `${options.url.replace(/\/+$/, '')}/${options.version}`;
  const admits = fileUrlGate(options.url);
  const authorization = `Bearer ${accessToken}`;

  async function ask(url: string, init: RequestInit, limitMs = CALL_LIMIT_MS): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(limitMs);
      return await call(url, { ...init, signal, redirect: 'error' });
    } catch (cause) {
      throw noAnswer(cause);
    }
  }

  async function answerOf(response: Response): Promise<unknown> {
    const text = await response.text().catch((cause: unknown) => {
      throw noAnswer(cause);
    });
    const answer = parsed(text);
    if (!response.ok) throw graphFailure(response, answer);
    return answer;
  }

  async function post(message: object): Promise<unknown> {
    const response = await ask(`${base}/${phoneNumberId}/messages`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', ...message }),
    });
    return answerOf(response);
  }

  return {
    async send(recipient, content, opaqueKey) {
      const answer = await post({
        recipient_type: 'individual',
        ...addressOf(recipient),
        ...rendered(content),
        biz_opaque_callback_data: opaqueKey,
      });
      const [message] = asList(field(answer, 'messages')) ?? [];
      const wamid = asText(field(message, 'id'));
      if (wamid === null) throw noAnswer();
      return wamid;
    },

    async upload(jpeg) {
      const form = new FormData();
      form.set('messaging_product', 'whatsapp');
      form.set('type', 'image/jpeg');
      form.set('file', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'photo.jpg');
      const request = { method: 'POST', headers: { authorization }, body: form };
      const answer = await answerOf(await ask(`${base}/${phoneNumberId}/media`, request));
      const id = asText(field(answer, 'id'));
      if (id === null) throw refused('no-media-id');
      return id;
    },

    async markRead(wamid, typing) {
      const indicator = typing && { typing_indicator: { type: 'text' } };
      await post({ status: 'read', message_id: wamid, ...indicator });
    },

    async download(mediaId, limit) {
      const query = new URLSearchParams({ phone_number_id: phoneNumberId });
      const where = `${base}/${encodeURIComponent(mediaId)}?${query.toString()}`;
      const file = await answerOf(await ask(where, { headers: { authorization } }));
      const url = asText(field(file, 'url')) ?? '';
      if (!admits(url)) throw refused('foreign-host');
      const size = asNumber(field(file, 'file_size'));
      if ((size ?? 0) > limit) throw refused('too-large');

      const response = await ask(url, { headers: { authorization } }, DOWNLOAD_LIMIT_MS);
      // The URL is valid for five minutes; a retry requests a new one.
      if (response.status === 404) throw new AppError('whatsapp-retry', { status: 503, reason: 'http-404' });
      if (!response.ok) await answerOf(response);
      return checkedBytes(response, limit, { size, sha256: asText(field(file, 'sha256')) });
    },
  };
}

/** Prefer the phone number: Meta gives it precedence over the BSUID. */
function addressOf({ phone, bsuid }: Sender): { to: string } | { recipient: string } {
  if (phone !== null) return { to: `+${phone}` };
  if (bsuid !== null) return { recipient: bsuid };
  throw refused('no-recipient');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

export interface ReadReceiptsDeps {
  store: Pick<Store, 'inbox'>;
  graph: Pick<GraphClient, 'markRead'>;
  log: Pick<Log, 'debug'>;
}

/** Shows citizens that their messages were read and that an answer is on its way. */
export interface ReadReceipts {
  /**
   * Marks a stored message and all earlier ones of the same citizen as read; with `typing` the phone shows "typing"
   * until the answer arrives, 25 s at most. The stored webhook is looked up unless `payload` is given. Returns at once
   * and never throws: no answer waits for a receipt, and a failed one is not sent again.
   */
  read(message: { id: string; payload?: unknown }, typing: boolean): void;
}

/** In a flood, answers are worth more than receipts. */
const MOST_AT_ONCE = 16;
const LIMIT_MS = 5 * SECOND_MS;

export function createReadReceipts({ store, graph, log }: ReadReceiptsDeps): ReadReceipts {
  let underWay = 0;

  async function send({ id, payload }: { id: string; payload?: unknown }, typing: boolean): Promise<void> {
    const wamid = asText(field(payload ?? (await store.inbox.get(id))?.payload, 'id'));
    if (wamid !== null) await graph.markRead(wamid, typing);
  }

  return {
    read(message, typing) {
      if (underWay >= MOST_AT_ONCE) return;
      underWay += 1;
      void timeLimit(LIMIT_MS, send(message, typing))
        .catch((error: unknown) => log.debug(errorFields(error), 'message not marked as read'))
        .finally(() => (underWay -= 1));
    },
  };
}
