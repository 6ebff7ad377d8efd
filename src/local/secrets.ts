import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The secrets of the local run, keyed by environment variable. */
export interface LocalSecrets {
  readonly WHATSAPP_APP_SECRET: string;
  readonly WHATSAPP_VERIFY_TOKEN: string;
  readonly WHATSAPP_ACCESS_TOKEN: string;
  readonly WHATSAPP_PHONE_NUMBER_ID: string;
  readonly LINK_KEYS: string;
  readonly AUDIT_KEYS: string;
}

/** Creates the secrets once and stores them, so that links stay valid after a restart. */
export function keepSecrets(folder: string): LocalSecrets {
  const file = join(folder, 'secrets.json');
  const secrets = { ...freshSecrets(), ...readSecrets(file) };
  writeFileSync(file, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return secrets;
}

function freshSecrets(): LocalSecrets {
  const secret = (): string => randomBytes(32).toString('base64url');
  return {
    WHATSAPP_APP_SECRET: randomBytes(16).toString('hex'),
    WHATSAPP_VERIFY_TOKEN: secret(),
    WHATSAPP_ACCESS_TOKEN: secret(),
    WHATSAPP_PHONE_NUMBER_ID: '100000000000001',
    LINK_KEYS: `k1:${secret()}`,
    AUDIT_KEYS: `a1:${secret()}`,
  };
}

function readSecrets(file: string): Partial<LocalSecrets> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return JSON.parse(text) as Partial<LocalSecrets>;
  } catch {
    throw new Error(`${file} is not readable JSON. Remove it to get new secrets; links mailed so far end.`);
  }
}
