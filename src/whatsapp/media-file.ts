import { noAnswer, refused } from './graph-failure';

/** Where Meta keeps files; the token goes to these and to nobody else. */
const metaDomains = ['facebook.com', 'fbsbx.com', 'fbcdn.net', 'whatsapp.net'];

/** Tells whether a file may be fetched from an address: on Meta's own hosts, or beside the configured Graph API. */
export function fileUrlGate(graphUrl: string): (address: string) => boolean {
  const own = new URL(graphUrl).origin;
  return address => {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || url.username !== '' || url.password !== '') return false;
    if (url.origin === own) return true;
    const ofMeta = metaDomains.some(name => url.hostname === name || url.hostname.endsWith(`.${name}`));
    return ofMeta && url.protocol === 'https:' && url.port === '';
  };
}

/** The body of an answer. Rejects with `whatsapp-refused` as soon as it turns out larger than `limit` bytes. */
export async function readAtMost(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw noAnswer(cause);
  }
  if (size > limit) throw refused('too-large');
  return Buffer.concat(chunks);
}
