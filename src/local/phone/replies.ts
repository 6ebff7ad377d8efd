import type { Entry, LineEntry } from '../cloud-api/threads';

/** Something the citizen can tap on a message of the municipality. */
export interface ReplyOption {
  id: string;
  title: string;
  description?: string;
  /** The heading the row stands under in a list. */
  section?: string;
  form: 'button' | 'list' | 'quick-reply';
}

/** Buttons, rows and quick replies of a message, in the order shown. */
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
    case 'location_request_message':
    case 'cta_url':
      return [];
  }
}

/** The words of a message as a person would read them aloud; empty for pictures without a caption and the like. */
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
