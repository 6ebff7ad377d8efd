import { randomBytes } from 'node:crypto';

const OUTBOUND_MARK = 0x11;
const INBOUND_MARK = 0x12;

const lengthPrefixed = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'ascii');
  return Buffer.concat([Buffer.from([0x18, bytes.length]), bytes]);
};

/**
 * Returns a message id in Meta's format: a binary record in base64 that contains the person's number (or BSUID).
 * Logging such an id therefore logs a phone number.
 */
export function createWamid(person: string, direction: 'inbound' | 'outbound'): string {
  const inbound = direction === 'inbound';
  const serial = (inbound ? '3A' : '') + randomBytes(9).toString('hex').toUpperCase();
  const record = Buffer.concat([
    Buffer.from([0x1c]),
    lengthPrefixed(person),
    Buffer.from([0x15, 0x02, 0x00, inbound ? INBOUND_MARK : OUTBOUND_MARK]),
    lengthPrefixed(serial),
    Buffer.from([0x00]),
  ]);
  return `wamid.${record.toString('base64')}`;
}
