/** Returns the URL of the status page in a message of the municipality; empty if it has none. */
export function statusPageIn(message: { content: unknown } | undefined): string {
  return /https?:\/\/[^"\s]+\/s\/[\w.-]+/.exec(JSON.stringify(message?.content) ?? '')?.[0] ?? '';
}

/** Returns the acts that a status page offers. */
export async function statusActs(page: string): Promise<string[]> {
  const html = await (await fetch(page)).text();
  return [...html.matchAll(/name="act" value="(\w+)"/g)].map(([, act = '']) => act);
}

/** Sends a form of the status page like a browser without script. Returns the page that follows. */
export async function sendStatusForm(
  page: string,
  act: string,
  fields: Record<string, string>,
  photo?: Buffer,
): Promise<string> {
  const html = await (await fetch(page)).text();
  const nonce = new RegExp(`value="${act}">\\s*<input type="hidden" name="nonce" value="([^"]+)"`).exec(html);
  if (!nonce?.[1]) throw new Error(`the status page does not offer "${act}"`);
  const all = { act, nonce: nonce[1], ...fields };
  const body = photo ? new FormData() : new URLSearchParams(all);
  if (body instanceof FormData) {
    for (const [key, value] of Object.entries(all)) body.append(key, value);
    body.append('photos', new Blob([new Uint8Array(photo ?? [])]), 'a.jpg');
  }
  const response = await fetch(page, { method: 'POST', body });
  const answer = await response.text();
  if (!response.ok) throw new Error(`the form was refused with ${response.status}`);
  return answer;
}
