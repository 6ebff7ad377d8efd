import sharp from 'sharp';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LARGEST_BYTES } from './pictures/album';

const root = resolve(__dirname, '..');
const pictures = readdirSync(join(root, 'docs/pictures'));
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
];
const LONGEST_PARAGRAPH = 400;

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Returns paragraphs and list items without code blocks, tables, headings and pictures; links count as their text. */
function paragraphsIn(page: string): string[] {
  return textOf(page)
    .replace(/```[\s\S]*?```/g, '')
    .split(/\n{2,}|\n(?=\s*(?:-|\d+\.) )/)
    .map(block => block.replace(/\]\([^)]*\)/g, ']').trim())
    .filter(block => block !== '' && !/^(\||#|<img)/.test(block));
}

/** Returns the targets of links and pictures inside the repository, without fragments. */
function targetsIn(page: string): string[] {
  const text = textOf(page);
  return [...text.matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)]
    .map(([, link, picture]) => (link ?? picture ?? '').replace(/#.*$/, ''))
    .filter(target => target !== '' && !/^[a-z]+:/.test(target))
    .map(target => join(dirname(page), target));
}

describe.each(pages)('%s', page => {
  test(`has no paragraph over ${LONGEST_PARAGRAPH} characters`, () => {
    expect(paragraphsIn(page).filter(({ length }) => length > LONGEST_PARAGRAPH)).toEqual([]);
  });

  test('has headings', () => {
    expect(textOf(page)).toMatch(/^# .+\n[\s\S]*^## .+/m);
  });

  test('links only to files that exist', () => {
    expect(targetsIn(page).filter(target => !existsSync(join(root, target)))).toEqual([]);
  });

  test('names only files that exist', () => {
    const named = textOf(page).matchAll(/`((?:src|test|workflows|activities|config|docs)\/[\w./-]+\.\w+)`/g);
    expect([...named].map(([, file = '']) => file).filter(file => !existsSync(join(root, file)))).toEqual([]);
  });

  test('gives every picture a description', () => {
    expect(textOf(page).match(/<img (?![^>]*alt="[^"]+")[^>]*>/g)).toBeNull();
  });
});

describe('the pictures', () => {
  test('are all shown on a page', () => {
    const shown = new Set(pages.flatMap(targetsIn));
    expect(pictures.filter(name => !shown.has(`docs/pictures/${name}`))).toEqual([]);
  });

  test.each(pictures)('%s is a small WebP file without metadata', async name => {
    const file = join(root, 'docs/pictures', name);
    expect(statSync(file).size).toBeLessThanOrEqual(LARGEST_BYTES);
    const { format, exif, xmp } = await sharp(file).metadata();
    expect({ format, exif, xmp }).toEqual({ format: 'webp', exif: undefined, xmp: undefined });
  });
});
