import type { Entry, LineEntry } from '../cloud-api/threads';

/** A button, list row or quick reply that the citizen can tap. */
export interface ReplyOption {
  id: string;
  title: string;
  description?: string;
  /** The section title of a list row. */
  section?: string;
  form: 'button' | 'list' | 'quick-reply' | 'contact';
}

/** Returns the buttons, rows and quick replies of a message, in display order. */
export function repliesOf({ content, rendered }: LineEntry): ReplyOption[] {
  if (content.type === 'template') {
    return (rendered?.buttons ?? [])
      .filter(button => button.type === 'QUICK_REPLY')
      .map(button => ({ id: button.payload ?? button.text, title: button.text, form: 'quick-reply' }));
  }
  if (content.type !== 'interactive') return [];
  switch (content.interactive.type) {
    case 'button':
      return content.interactive.action.buttons.map(({ reply }) => ({
        id: reply.id,
        title: reply.title,
        form: 'button',
      }));
    case 'list':
      return content.interactive.action.sections.flatMap(section =>
        section.rows.map(row => ({
          id: row.id,
          title: row.title,
          ...(row.description === undefined ? {} : { description: row.description }),
          ...(section.title === undefined ? {} : { section: section.title }),
          form: 'list' as const,
        })),
      );
    case 'request_contact_info':
      // WhatsApp gives the button its title.
      return [{ id: 'share-contact-info', title: 'Bilgilerimi paylaş', form: 'contact' }];
    case 'location_request_message':
    case 'cta_url':
      return [];
  }
}

/** A button that opens a web page. */
export interface PageLink {
  text: string;
  url: string;
}

/** Returns the link button of an interactive message or a template, if it has one. */
export function linkOf({ content, rendered }: LineEntry): PageLink | undefined {
  if (content.type === 'interactive' && content.interactive.type === 'cta_url') {
    const { display_text, url } = content.interactive.action.parameters;
    return { text: display_text, url };
  }
  const [link] = (rendered?.buttons ?? []).flatMap(({ text, url }) =>
    url === undefined ? [] : [{ text, url }],
  );
  return link;
}

/** Returns the visible text of a message; empty for pictures without a caption. */
export function shownWordsOf(entry: Entry): string {
  const content: Record<string, unknown> = entry.content;
  if (entry.from === 'municipality' && entry.rendered !== undefined) {
    return [entry.rendered.header, entry.rendered.body, entry.rendered.footer].filter(Boolean).join('\n');
  }
  const part = content[entry.content.type];
  if (typeof part !== 'object' || part === null) return '';
  const { body, caption, text, name, emoji, button_reply, list_reply } = part as Record<string, unknown>;
  for (const candidate of [body, caption, text, name, emoji, button_reply, list_reply]) {
    if (typeof candidate === 'string') return candidate;
    if (typeof candidate !== 'object' || candidate === null) continue;
    const inner = candidate as Record<string, unknown>;
    const words = inner['text'] ?? inner['title'];
    if (typeof words === 'string') return words;
  }
  return '';
}
