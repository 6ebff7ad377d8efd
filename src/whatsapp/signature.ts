import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/;

/**
 * Whether Meta signed exactly these received bytes with one of the app secrets (`X-Hub-Signature-256`). Several
 * secrets are valid while one replaces another. Everything odd, a doubled header or no secret at all, is unsigned.
 */
export function isSigned(body: Buffer, header: string | undefined, secrets: readonly string[]): boolean {
  const [, hex] = HEADER.exec(header ?? '') ?? [];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  const matches = secrets
    .filter(secret => secret !== '')
    .map(secret => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given));
  return matches.includes(true);
}
