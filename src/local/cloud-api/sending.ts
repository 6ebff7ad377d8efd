import { wamidKey } from './citizens';
import type { Recipient } from './envelopes';
import { graphError, invalidParameter, type GraphError } from './graph-errors';
import { limitError, type RateLimits } from './limits';
import type { MediaStore } from './media';
import { headerMediaOf, mediaOf, type ReadBody, type SendBody } from './message-body';
import type { Statuses } from './statuses';
import { renderTemplate, type ApprovedTemplate, type RenderedTemplate } from './templates';
import type { LineEntry, Thread, Threads } from './threads';
import { createWamid } from './wamid';

export interface SendingDeps {
  threads: Threads;
  statuses: Statuses;
  limits: RateLimits;
  media: MediaStore;
  templates: () => readonly ApprovedTemplate[];
  now: () => number;
}

export interface Sending {
  /** Returns the addressed citizen, if any. */
  addressee(message: SendBody): Thread | undefined;
  /**
   * Accepts the message and queues its status webhooks, or rejects it with Meta's error. With `failure` the only
   * status is that failure.
   */
  send(message: SendBody, failure?: GraphError): { accepted: object } | { error: GraphError };
  markRead(message: ReadBody): { accepted: object } | { error: GraphError };
}

const COUNTRY_CODE = '90';
/** The typing indicator ends with the next message or after 25 seconds. */
const TYPING_MS = 25_000;

/** Without a plus sign Meta prepends the country code of the business number. */
function numberOf(to: string): string {
  const digits = to.replace(/\D/g, '');
  if (to.trim().startsWith('+') || digits.startsWith(COUNTRY_CODE)) return digits;
  return COUNTRY_CODE + digits.replace(/^0/, '');
}

function recipientOf(
  message: SendBody,
): { input: string; recipient: { phone: string } | { bsuid: string } } | undefined {
  if (message.to !== undefined && message.to !== '') {
    return { input: message.to, recipient: { phone: numberOf(message.to) } };
  }
  return message.recipient === undefined || message.recipient === ''
    ? undefined
    : { input: message.recipient, recipient: { bsuid: message.recipient } };
}

const keyOf = (recipient: Exclude<Recipient, { citizen: unknown }>): string =>
  'phone' in recipient ? recipient.phone : recipient.bsuid;

export function createSending(deps: SendingDeps): Sending {
  const { threads, statuses, limits, media, now } = deps;

  const unknownMedia = (message: SendBody): GraphError | undefined => {
    const header = message.type === 'interactive' ? headerMediaOf(message.interactive) : undefined;
    const part = header ?? mediaOf(message);
    if (part?.media.id === undefined) return undefined;
    const item = media.get(part.media.id);
    if (item === undefined) {
      const name = header === undefined ? part.type : `interactive['header']['${part.type}']`;
      return invalidParameter(
        `Param ${name}['id'] is not a valid whatsapp business account media attachment ID`,
      );
    }
    return part.type === 'image' && !/^image\/(jpeg|png)$/.test(item.mimeType)
      ? graphError(131053, `Media of type ${item.mimeType} cannot be sent as an image`)
      : undefined;
  };

  const unknownTarget = (message: SendBody): GraphError | undefined => {
    const wamid = message.type === 'reaction' ? message.reaction.message_id : message.context?.message_id;
    return wamid !== undefined && threads.entry(wamid) === undefined
      ? graphError(131009, 'Message ID is invalid or does not belong to this conversation')
      : undefined;
  };

  const rendered = (message: SendBody): { rendered?: RenderedTemplate } | { error: GraphError } =>
    message.type === 'template' ? renderTemplate(deps.templates(), message.template) : {};

  return {
    addressee(message) {
      const target = recipientOf(message);
      return target === undefined ? undefined : threads.find(keyOf(target.recipient));
    },
    send(message, failure) {
      const target = recipientOf(message);
      if (target === undefined) return { error: invalidParameter('The parameter to is required.') };
      const wrong = limitError(message) ?? unknownMedia(message) ?? unknownTarget(message);
      if (wrong !== undefined) return { error: wrong };
      const template = rendered(message);
      if ('error' in template) return template;
      const key = keyOf(target.recipient);
      if (!limits.takeThroughput(now())) {
        return {
          error: graphError(
            130429,
            'Message failed to send because there were too many messages sent from this phone number in a short period of time',
          ),
        };
      }
      const thread = threads.find(key);
      if (!limits.takePair(thread?.citizen.id ?? key, now())) {
        return {
          error: graphError(
            131056,
            'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.',
          ),
        };
      }
      const entry: LineEntry = {
        from: 'municipality',
        wamid: createWamid(thread === undefined ? key : wamidKey(thread.citizen), 'outbound'),
        at: now(),
        content: message,
        ...template,
        status: 'accepted',
        statuses: [{ status: 'accepted', at: now() }],
      };
      if (thread === undefined) {
        statuses.failStranger(target.recipient, entry);
      } else {
        thread.typingUntil = 0;
        threads.append(thread, entry);
        statuses.follow(thread, entry, failure);
      }
      const contact =
        'phone' in target.recipient ? { wa_id: target.recipient.phone } : { user_id: target.recipient.bsuid };
      return {
        accepted: {
          messaging_product: 'whatsapp',
          contacts: [{ input: target.input, ...contact }],
          messages: [
            { id: entry.wamid, ...(message.type === 'template' ? { message_status: 'accepted' } : {}) },
          ],
        },
      };
    },
    markRead(message) {
      const found = threads.entry(message.message_id);
      if (found === undefined || found.entry.from !== 'citizen') {
        return { error: graphError(131009, 'Message ID is invalid or does not exist') };
      }
      const { thread, entry } = found;
      for (const earlier of thread.entries) {
        if (earlier.from === 'citizen' && earlier.at <= entry.at) earlier.readAt ??= now();
      }
      if (message.typing_indicator !== undefined) thread.typingUntil = now() + TYPING_MS;
      threads.changed(thread);
      return { accepted: { success: true } };
    },
  };
}
