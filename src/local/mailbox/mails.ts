import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { createSavedFolder } from '../cloud-api/saved-folder';

export interface Mail {
  id: string;
  /** ISO 8601 in UTC. */
  receivedAt: string;
  from: string;
  /** All recipients, including Bcc. */
  to: string[];
  subject: string;
  text: string;
  html: string;
  links: string[];
  messageId: string;
  headers: { name: string; value: string }[];
  attachments: { filename: string; mimeType: string; size: number }[];
}

/** A raw mail. */
interface ReceivedMail {
  sender: string;
  recipients: string[];
  raw: Buffer;
}

interface SavedLetter {
  id: string;
  receivedAt: string;
  sender: string;
  recipients: string[];
  raw: string;
}

export interface Mails {
  /** Returns mails, newest first; with `to`, only those delivered to that address. */
  list(to?: string): Mail[];
  get(id: string): Mail | undefined;
  receive(letter: ReceivedMail): Promise<Mail>;
  clear(): void;
  flush(): Promise<void>;
}

const KEEP = 2_000;

const addressText = (address: AddressObject | AddressObject[] | undefined): string =>
  [address ?? []]
    .flat()
    .map(one => one.text)
    .join(', ');

function mailOf(saved: SavedLetter, parsed: ParsedMail): Mail {
  const html = parsed.html || '';
  const text = parsed.text ?? '';
  return {
    id: saved.id,
    receivedAt: saved.receivedAt,
    from: addressText(parsed.from) || saved.sender,
    to: saved.recipients,
    subject: parsed.subject ?? '',
    text,
    html,
    links: linksOf(html, text),
    messageId: parsed.messageId ?? '',
    headers: parsed.headerLines.map(({ line }) => {
      const colon = line.indexOf(':');
      return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
    }),
    attachments: parsed.attachments.map(({ filename, contentType, size }) => ({
      filename: filename ?? '',
      mimeType: contentType,
      size,
    })),
  };
}

/** The departments' mails, stored raw and parsed again after a restart. */
export async function createMails(
  folder: string,
  now: () => number,
  onMail: (id: string) => void,
): Promise<Mails> {
  const saved = createSavedFolder<SavedLetter>(folder);
  let mails: Mail[] = [];

  const remember = async (letter: SavedLetter): Promise<Mail> => {
    const parsed = await simpleParser(Buffer.from(letter.raw, 'base64'));
    const mail = mailOf(letter, parsed);
    mails.unshift(mail);
    for (const old of mails.slice(KEEP)) rmSync(path.join(folder, `${old.id}.json`), { force: true });
    mails = mails.slice(0, KEEP);
    return mail;
  };
  const letters = saved.load().sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
  for (const letter of letters) await remember(letter);

  return {
    list: to => {
      const wanted = to?.toLowerCase();
      return wanted === undefined
        ? [...mails]
        : mails.filter(mail => mail.to.some(address => address.toLowerCase() === wanted));
    },
    get: id => mails.find(mail => mail.id === id),
    async receive({ sender, recipients, raw }) {
      const letter: SavedLetter = {
        id: `m-${randomBytes(6).toString('hex')}`,
        receivedAt: new Date(now()).toISOString(),
        sender,
        recipients,
        raw: raw.toString('base64'),
      };
      const mail = await remember(letter);
      saved.save(letter.id, () => letter);
      onMail(mail.id);
      return mail;
    },
    clear() {
      for (const mail of mails) rmSync(path.join(folder, `${mail.id}.json`), { force: true });
      mails = [];
      onMail('');
    },
    flush: saved.flush,
  };
}

const entities: Record<string, string> = {
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
};

const decoded = (value: string): string =>
  value.replace(/&(?:amp|quot|#39|lt|gt);/g, entity => entities[entity] ?? entity);

/** Returns the distinct links of a mail: first those of the HTML, then those of the text. */
function linksOf(html: string, text: string): string[] {
  const fromHtml = [...html.matchAll(/href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(match =>
    decoded(match[1] ?? match[2] ?? ''),
  );
  const fromText = [...text.matchAll(/https?:\/\/[^\s<>"'\])]+/g)].map(match =>
    match[0].replace(/[.,;:!?]+$/, ''),
  );
  return [...new Set([...fromHtml, ...fromText])].filter(link => /^(https?|mailto|tel):/i.test(link));
}
