import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateFolder } from '../mail/templates';

const folder = join(__dirname, 'pages');

/** Returns style sheets as one text, without comments and blanks, because it is part of every page. */
export function styleOf(...files: string[]): string {
  return files
    .map(file => readFileSync(join(templateFolder(folder), file), 'utf8'))
    .join('')
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/([:,]) /g, '$1');
}

/** Returns the source of an inline style sheet for the Content-Security-Policy. */
export function styleSource(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
}
