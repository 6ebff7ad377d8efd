import { headerMediaOf, mediaOf, type MediaType, type SendBody } from '../cloud-api/message-body';
import type { CitizenEntry, Entry, LineEntry, Thread } from '../cloud-api/threads';
import type { LocalTimes } from './local-times';
import { linkOf, type PageLink, repliesOf, type ReplyOption, shownWordsOf } from './replies';

/** One message as shown on the phone. `html` is safe markup; all other fields are plain text. */
export interface Bubble {
  id: string;
  side: 'citizen' | 'municipality';
  /** The day, on the first message of each day. */
  day?: string;
  time: string;
  tick: 'waiting' | 'one' | 'two' | 'read' | 'failed';
  tickWords: string;
  quote?: string;
  heading?: string;
  html: string;
  footer?: string;
  media?: { form: MediaType; src: string; name: string };
  place?: { latitude: number; longitude: number; name: string };
  /** The label of content without text: a card, an unsupported message, a deletion. */
  note?: string;
  reactions: string[];
  buttons: (ReplyOption & { taken: boolean })[];
  list?: { label: string; rows: ReplyOption[]; taken: boolean };
  link?: PageLink;
  asksLocation: boolean;
  problem?: string;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const lineTicks: Record<LineEntry['status'], [Bubble['tick'], string]> = {
  accepted: ['waiting', 'kabul edildi'],
  sent: ['one', 'gönderildi'],
  delivered: ['two', 'iletildi'],
  read: ['read', 'okundu'],
  failed: ['failed', 'iletilemedi'],
};

function ticksOf(entry: Entry): [Bubble['tick'], string] {
  if (entry.from === 'municipality') return lineTicks[entry.status];
  if (entry.readAt !== undefined) return ['read', 'okundu'];
  return entry.webhook === 'taken' ? ['two', 'iletildi'] : ['one', 'gönderildi, henüz alınmadı'];
}

const mediaSource = (part: Record<string, unknown>): string =>
  part['id'] === undefined ? text(part['link']) : `/control/media/${text(part['id'])}`;

function mediaBubble(form: MediaType, part: Record<string, unknown>): Pick<Bubble, 'media'> {
  return { media: { form, src: mediaSource(part), name: text(part['filename']) || 'belge' } };
}

function placeOf(part: Record<string, unknown>): Pick<Bubble, 'place' | 'html'> {
  const [latitude, longitude] = [Number(part['latitude']), Number(part['longitude'])];
  return { html: '', place: { latitude, longitude, name: text(part['name']) || text(part['address']) } };
}

const notes: Record<string, string> = {
  unsupported: 'Bu mesaj türü iş hesaplarına ulaşmaz (anket, canlı konum…)',
  revoke: 'Bir mesajı sildi',
  edit: 'Bir mesajını düzeltti',
  system: 'Sistem bildirimi',
  order: 'Sipariş',
};

function citizenParts(entry: CitizenEntry): Partial<Bubble> {
  const part = record(entry.content[entry.content.type]);
  switch (entry.content.type) {
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return mediaBubble(entry.content.type, part);
    case 'location':
      return placeOf(part);
    case 'contacts': {
      const card = record((entry.content['contacts'] as unknown[] | undefined)?.[0]);
      return { note: `Kişi kartı: ${text(record(card['name'])['formatted_name'])}` };
    }
    case 'edit':
      return {
        note: notes['edit'] ?? '',
        html: markup(text(record(record(part['message'])['text'])['body'])),
      };
    case 'text':
    case 'interactive':
    case 'button':
      return {};
    default:
      return { note: notes[entry.content.type] ?? entry.content.type };
  }
}

function interactiveParts(
  content: Extract<SendBody, { type: 'interactive' }>,
  replies: ReplyOption[],
  taken: string,
): Partial<Bubble> {
  const { interactive } = content;
  const media = headerMediaOf(interactive);
  const shared = {
    html: markup(interactive.body.text),
    ...('footer' in interactive && interactive.footer !== undefined
      ? { footer: text(record(interactive.footer)['text']) }
      : {}),
    ...('header' in interactive ? { heading: text(record(interactive.header)['text']) } : {}),
    ...(media === undefined ? {} : mediaBubble(media.type, media.media)),
  };
  switch (interactive.type) {
    case 'button':
    case 'request_contact_info':
      return { ...shared, buttons: replies.map(reply => ({ ...reply, taken: reply.id === taken })) };
    case 'list':
      return { ...shared, list: { label: interactive.action.button, rows: replies, taken: taken !== '' } };
    case 'location_request_message':
      return { ...shared, asksLocation: true };
    case 'cta_url':
      return shared;
  }
}

function lineParts(entry: LineEntry, taken: string): Partial<Bubble> {
  const { content, rendered } = entry;
  const replies = repliesOf(entry);
  const media = mediaOf(content);
  const link = linkOf(entry);
  if (media !== undefined) return mediaBubble(media.type, media.media);
  if (content.type === 'interactive')
    return { ...interactiveParts(content, replies, taken), ...(link && { link }) };
  if (content.type === 'location') return placeOf(content.location);
  if (rendered === undefined) return {};
  return {
    html: markup(rendered.body),
    ...(rendered.header === undefined ? {} : { heading: rendered.header }),
    ...(rendered.footer === undefined ? {} : { footer: rendered.footer }),
    buttons: replies.map(reply => ({ ...reply, taken: reply.id === taken })),
    ...(link && { link }),
  };
}

const problemOf = (entry: LineEntry): string => {
  const error = record(entry.errors?.[0]);
  return `${String(error['code'])}: ${text(record(error['error_data'])['details'])}`;
};

const contextId = (entry: Entry): string => {
  const context = record(record(entry.content)['context']);
  return text(context['id']) || text(context['message_id']);
};

/** Returns the id of the button or row tapped on a message. */
function takenReply(thread: Thread, wamid: string): string {
  const answer = thread.entries.find(
    entry =>
      entry.from === 'citizen' &&
      contextId(entry) === wamid &&
      (entry.content.type === 'interactive' || entry.content.type === 'button'),
  );
  if (answer === undefined) return '';
  const part = record(record(answer.content)[answer.content.type]);
  const reply = record(part['button_reply'] ?? part['list_reply']);
  return text(reply['id']) || text(part['payload']);
}

function reactionsTo(thread: Thread, wamid: string): string[] {
  const latest = new Map<string, string>();
  for (const entry of thread.entries) {
    const reaction = record(record(entry.content)['reaction']);
    if (entry.content.type === 'reaction' && reaction['message_id'] === wamid) {
      latest.set(entry.from, text(reaction['emoji']));
    }
  }
  return [...latest.values()].filter(emoji => emoji !== '');
}

/**
 * Returns the bubbles of a chat, with reactions attached to their messages and a date before the first message of
 * each day.
 */
export function bubblesOf(thread: Thread, times: LocalTimes): Bubble[] {
  let lastDay = '';
  const bubbles: Bubble[] = [];
  for (const entry of thread.entries) {
    if (entry.content.type === 'reaction') continue;
    const [tick, tickWords] = ticksOf(entry);
    const day = times.day(entry.at);
    const quoted = thread.entries.find(other => other.wamid === contextId(entry));
    bubbles.push({
      id: entry.wamid,
      side: entry.from,
      ...(day === lastDay ? {} : { day }),
      time: times.hour(entry.at),
      tick,
      tickWords,
      ...(quoted === undefined ? {} : { quote: shownWordsOf(quoted).slice(0, 90) || 'Medya' }),
      html: markup(shownWordsOf(entry)),
      reactions: reactionsTo(thread, entry.wamid),
      buttons: [],
      asksLocation: false,
      ...(entry.from === 'citizen' ? citizenParts(entry) : lineParts(entry, takenReply(thread, entry.wamid))),
      ...(entry.from === 'municipality' && entry.status === 'failed' ? { problem: problemOf(entry) } : {}),
    });
    lastDay = day;
  }
  return bubbles;
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, character => escapes[character] ?? character);

/** Markers such as `*bold*` count only at word boundaries, so that 2*3*4 and a_b_c stay unchanged. */
const pair = (mark: string): RegExp =>
  new RegExp(`(^|[\\s(>])[${mark}](?=\\S)([^\\n${mark}]*[^\\s${mark}])[${mark}](?=$|[\\s).,;:!?<])`, 'gu');

const styled = (text: string): string =>
  text.replace(pair('*'), '$1<b>$2</b>').replace(pair('_'), '$1<i>$2</i>').replace(pair('~'), '$1<s>$2</s>');

/**
 * Renders a text as HTML like WhatsApp: bold, italic, strikethrough, links and line breaks. Escapes everything else.
 */
export function markup(text: string): string {
  return escaped(text)
    .split(/(https?:\/\/[^\s<]+[^\s<.,;:!?)])/g)
    .map((part, index) =>
      index % 2 === 1
        ? `<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>`
        : styled(part).replaceAll('\n', '<br>'),
    )
    .join('');
}
