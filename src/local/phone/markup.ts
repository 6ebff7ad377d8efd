const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, character => escapes[character] ?? character);

/** `*bold*` and the like count only at word edges, so that 2*3*4 and a_b_c stay as they are. */
const pair = (mark: string): RegExp =>
  new RegExp(`(^|[\\s(>])[${mark}](?=\\S)([^\\n${mark}]*[^\\s${mark}])[${mark}](?=$|[\\s).,;:!?<])`, 'gu');

const styled = (text: string): string =>
  text.replace(pair('*'), '$1<b>$2</b>').replace(pair('_'), '$1<i>$2</i>').replace(pair('~'), '$1<s>$2</s>');

/** A message's text as HTML the way a phone shows it: bold, italic, struck, links, line breaks; all else escaped. */
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
