import { isVisible } from '../domain/plain-text';

export interface Button {
  id: string;
  title: string;
}

export interface Row {
  id: string;
  title: string;
  description?: string;
}

/**
 * An approved template with its values. `replyIds` are the ids of its quick-reply buttons, in order; `urlSuffix` is the
 * end of the address behind its link button, which follows them.
 */
export interface TemplateContent {
  type: 'template';
  name: string;
  language: string;
  parameters: readonly string[];
  replyIds?: readonly string[];
  urlSuffix?: string;
}

/** A message with one button that opens a web page (`cta_url`). */
interface LinkContent {
  type: 'link';
  body: string;
  title: string;
  url: string;
}

/**
 * Text with buttons. `pictureId` is the id of a work photo in the store, `imageId` that of its upload to
 * Meta.
 */
interface ButtonsContent {
  type: 'buttons';
  body: string;
  buttons: readonly Button[];
  pictureId?: string;
  imageId?: string;
}

/** A message with WhatsApp's own button that shares the citizen's phone number (`request_contact_info`). */
interface ContactRequestContent {
  type: 'contactRequest';
  body: string;
}

/** The content of a message to a citizen. Outside the 24-hour window only templates are allowed. */
export type OutgoingContent =
  | { type: 'text'; body: string }
  | ButtonsContent
  | { type: 'list'; body: string; open: string; rows: readonly Row[] }
  | LinkContent
  | { type: 'locationRequest'; body: string }
  | ContactRequestContent
  | TemplateContent;

/** The Cloud API's limits in code points and counts. It rejects the whole message above them. */
const limits = {
  textBody: 4_096,
  interactiveBody: 1_024,
  listBody: 4_096,
  /** The limit of a template with its values. The configuration divides it among the values. */
  templateParameter: 1_024,
  buttons: 3,
  buttonTitle: 20,
  openTitle: 20,
  linkTitle: 20,
  rows: 10,
  rowTitle: 24,
  rowDescription: 72,
} as const;

/** Returns the request body without its recipient. Truncates texts at the limit. */
export function rendered(content: OutgoingContent): { type: string } & Record<string, unknown> {
  switch (content.type) {
    case 'text':
      return { type: 'text', text: { body: clamped(content.body, limits.textBody), preview_url: false } };
    case 'buttons': {
      const buttons = content.buttons.slice(0, limits.buttons).map(({ id, title }) => ({
        type: 'reply',
        reply: { id, title: clamped(title, limits.buttonTitle) },
      }));
      const { imageId } = content;
      const header = imageId === undefined ? undefined : { type: 'image', image: { id: imageId } };
      return interactive('button', clamped(content.body, limits.interactiveBody), { buttons }, header);
    }
    case 'list': {
      const rows = content.rows.slice(0, limits.rows).map(({ id, title, description }) => ({
        id,
        title: clamped(title, limits.rowTitle),
        ...(description !== undefined && { description: clamped(description, limits.rowDescription) }),
      }));
      const action = { button: clamped(content.open, limits.openTitle), sections: [{ rows }] };
      return interactive('list', clamped(content.body, limits.listBody), action);
    }
    case 'link':
      return interactive('cta_url', clamped(content.body, limits.interactiveBody), {
        name: 'cta_url',
        parameters: { display_text: clamped(content.title, limits.linkTitle), url: content.url },
      });
    case 'locationRequest':
      return interactive('location_request_message', clamped(content.body, limits.interactiveBody), {
        name: 'send_location',
      });
    case 'contactRequest':
      return interactive('request_contact_info', clamped(content.body, limits.interactiveBody), {
        name: 'request_contact_info',
      });
    case 'template':
      return { type: 'template', template: templateOf(content) };
  }
}

function interactive(
  type: string,
  body: string,
  action: object,
  header?: object,
): { type: 'interactive' } & Record<string, unknown> {
  return {
    type: 'interactive',
    interactive: { type, ...(header && { header }), body: { text: body }, action },
  };
}

function templateOf({ name, language, parameters, replyIds = [], urlSuffix }: TemplateContent): object {
  const filled = parameters.map(text => ({ type: 'text', text: parameterText(text) }));
  const body = filled.length > 0 ? [{ type: 'body', parameters: filled }] : [];
  const buttons = replyIds.map((payload, index) => ({
    type: 'button',
    sub_type: 'quick_reply',
    index: String(index),
    parameters: [{ type: 'payload', payload }],
  }));
  const link =
    urlSuffix === undefined
      ? []
      : [
          {
            ...{ type: 'button', sub_type: 'url', index: String(replyIds.length) },
            parameters: [{ type: 'text', text: urlSuffix }],
          },
        ];
  return { name, language: { code: language }, components: [...body, ...buttons, ...link] };
}

/** Meta rejects template values that are empty or contain line breaks, tabs or long runs of spaces. */
function parameterText(text: string): string {
  return clamped(text.replace(/\s+/g, ' ').trim(), limits.templateParameter) || '–';
}

/** Control characters except tab and new line, bidirectional marks, and lone surrogates. */
const UNPRINTABLE = /[\p{Cs}\u202a-\u202e\u2066-\u2069]|(?![\t\n])\p{Cc}/gu;

/** Truncates a text to `longest` code points, ending with an ellipsis. */
export function clamped(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const points = Array.from(text.slice(0, 2 * longest + 2));
  return points.length <= longest ? text : `${points.slice(0, longest - 1).join('')}…`;
}

/** Removes invisible and control characters from a text; null if nothing visible is left. */
export function plainWords(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return null;
  const words = value
    .slice(0, 4 * longest)
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE, '')
    .trim();
  return isVisible(words) ? clamped(words, longest) : null;
}
