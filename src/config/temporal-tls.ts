import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Problem } from './config-error';

/**
 * The variables for a protected connection to Temporal, with the names of Temporal's own environment configuration.
 */
export interface TemporalTls {
  readonly TEMPORAL_TLS?: boolean | undefined;
  readonly TEMPORAL_TLS_SERVER_NAME?: string | undefined;
  /** PEM. */
  readonly TEMPORAL_TLS_SERVER_CA_CERT_PATH?: Buffer | undefined;
  /** PEM. */
  readonly TEMPORAL_TLS_CLIENT_CERT_PATH?: Buffer | undefined;
  /** PEM. */
  readonly TEMPORAL_TLS_CLIENT_KEY_PATH?: Buffer | undefined;
  readonly TEMPORAL_API_KEY?: string | undefined;
}

/** The variables that need TLS. */
export const needTls = [
  'TEMPORAL_TLS_SERVER_NAME',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'TEMPORAL_API_KEY',
] as const;

/** Whether the connection uses TLS: as TEMPORAL_TLS says, otherwise if another of the variables is given. */
export function usesTls(given: TemporalTls): boolean {
  return given.TEMPORAL_TLS ?? needTls.some(name => given[name] !== undefined);
}

/** A path to a file whose content `check` accepts. The value is the content. */
function fileOf(check: (content: Buffer) => unknown) {
  return z.string().transform((path, context): Buffer => {
    try {
      const content = readFileSync(path);
      check(content);
      return content;
    } catch {
      context.addIssue('not such a file');
      return z.NEVER;
    }
  });
}

/** The path of a certificate, or of several in one file. */
const certificateFile = fileOf(pem => new X509Certificate(pem));

/** The path of a private key without a password. */
const keyFile = fileOf(pem => createPrivateKey(pem));

/** The environment variables of the protected connection. */
export const tlsVariables = {
  TEMPORAL_TLS: {
    schema: z.enum(['true', 'false']).transform(text => text === 'true'),
    allowed: 'true or false; true if omitted and another TEMPORAL_TLS_ variable or the API key is given',
    standard: '',
    optional: true,
  },
  TEMPORAL_TLS_SERVER_NAME: {
    schema: z.string().regex(/^\S+$/),
    allowed: "the name in the server's certificate, if it is not the host of TEMPORAL_ADDRESS",
    standard: '',
    optional: true,
  },
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: {
    schema: certificateFile,
    allowed: "a PEM file with the certificates of the server's authority",
    standard: '',
    optional: true,
  },
  TEMPORAL_TLS_CLIENT_CERT_PATH: {
    schema: certificateFile,
    allowed: 'a PEM file with our certificate (mTLS)',
    standard: '',
    optional: true,
  },
  TEMPORAL_TLS_CLIENT_KEY_PATH: {
    schema: keyFile,
    allowed: 'a PEM file with the key of our certificate, without a password',
    standard: '',
    optional: true,
  },
  TEMPORAL_API_KEY: {
    schema: z.string().regex(/^\S+$/),
    allowed: 'the API key of the namespace',
    secret: true,
    standard: '',
    optional: true,
  },
} as const;

/** Returns the mistakes of the variables together; each of them is valid by itself. */
export function tlsProblems(given: TemporalTls, now = Date.now()): Problem[] {
  const { TEMPORAL_TLS_CLIENT_CERT_PATH: certificate, TEMPORAL_TLS_CLIENT_KEY_PATH: key } = given;
  const problems: Problem[] = [];
  const [needsTls] = needTls.filter(name => given[name] !== undefined);
  if (given.TEMPORAL_TLS === false && needsTls !== undefined) {
    const what = `is false, but ${needsTls} needs TLS`;
    problems.push({ where: 'TEMPORAL_TLS', what, allowed: 'true' });
  }
  if (certificate && !key) {
    const allowed = 'the key of TEMPORAL_TLS_CLIENT_CERT_PATH';
    problems.push({ where: 'TEMPORAL_TLS_CLIENT_KEY_PATH', what: 'is missing', allowed });
  }
  if (key && !certificate) {
    const allowed = 'the certificate of TEMPORAL_TLS_CLIENT_KEY_PATH';
    problems.push({ where: 'TEMPORAL_TLS_CLIENT_CERT_PATH', what: 'is missing', allowed });
  }
  if (certificate && key) {
    problems.push(...pairProblems(new X509Certificate(certificate), createPrivateKey(key), now));
  }
  return problems;
}

function pairProblems(certificate: X509Certificate, key: KeyObject, now: number): Problem[] {
  const problems: Problem[] = [];
  if (!certificate.checkPrivateKey(key)) {
    const what = 'is not the key of TEMPORAL_TLS_CLIENT_CERT_PATH';
    problems.push({ where: 'TEMPORAL_TLS_CLIENT_KEY_PATH', what });
  }
  if (Date.parse(certificate.validTo) < now) {
    const end = new Date(certificate.validTo).toISOString().slice(0, 10);
    problems.push({ where: 'TEMPORAL_TLS_CLIENT_CERT_PATH', what: `expired on ${end}` });
  }
  return problems;
}
