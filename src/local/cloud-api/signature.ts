import { createHmac } from 'node:crypto';

/**
 * JSON bytes as Meta sends them: non-ASCII as lower-case `\uXXXX` (per UTF-16 unit) and `/` as `\/`.
 * A receiver that parses and serialises again before hashing fails on exactly these.
 */
export function metaJson(value: unknown): Buffer {
  const escaped = JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(escaped, 'ascii');
}

/** The `X-Hub-Signature-256` value over exactly these bytes. */
export function signatureOf(bytes: Buffer, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(bytes).digest('hex')}`;
}
