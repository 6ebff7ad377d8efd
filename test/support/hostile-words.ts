import { plainText } from '../../src/domain/plain-text';

/** Inputs of an attacker. */
export const hostileWords = [
  ['a script', '<script>alert(document.domain)</script>'],
  ['a picture with a handler', '<img src=x onerror="alert(1)">'],
  ['the end of a text field', '</textarea><script>alert(1)</script>'],
  ['the end of the style sheet', '</style><svg onload=alert(1)>'],
  ['an attribute', `" autofocus onfocus="alert(1)' x='`],
  ['template marks', '<%= it.view %><%~ 1+1 %> <% throw 1 %> {{=1}} ${7*7} `x`'],
  ['entities', '&lt;b&gt;&amp;&#0;'],
  ['placeholders of the citizen’s texts', '{{caseNumber}} $t(greeting) %s'],
] as const;

/** Characters that affect the surrounding text. */
export const steeringWords = [
  ['a header', 'Konu\r\nBcc: kurban@example.org\r\n\r\ngövde'],
  ['a turn of direction', 'gizli \u202egnp.exe\u2066 son'],
  ['steps back and a bell', 'silinen\u0008\u0008\u001b[2J\u0007\u0085son'],
  ['a half of a letter', 'yarım \ud83d çift'],
] as const;

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Returns a text as the page escapes it. */
export function shownAs(text: string): string {
  return plainText(text).split('\n').map(escaped).join('<br>');
}

/** Returns the tags of a page. Only our templates may create them. */
export function skeleton(html: string): string[] {
  return (html.match(/<\/?[a-z][a-z0-9]*/gi) ?? []).map(tag => tag.toLowerCase());
}
