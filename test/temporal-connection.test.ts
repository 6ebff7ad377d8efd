import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import http2, { type ClientHttp2Session, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { generate } from 'selfsigned';
import { ConfigError } from '../src/config/config-error';
import { readEnv } from '../src/config/env';
import { checkNamespace, lazyConnection, workerConnectionOptions } from '../src/temporal/connection';
import { temporalAddress, temporalNamespace } from './support/services';

interface Signed {
  readonly cert: string;
  readonly private: string;
}

const API_KEY = 'key-of-the-town';
const NAME_OF_SERVER = 'temporal.internal';
const UNAUTHENTICATED = 16;
const folder = mkdtempSync(join(tmpdir(), 'temporal-tls-'));

let doors: { readonly mutual: Door; readonly keyed: Door };
const paths: Record<
  'authority' | 'stranger' | 'cert' | 'key' | 'foreignKey' | 'expired' | 'expiredKey',
  string
> = {
  authority: join(folder, 'authority.pem'),
  stranger: join(folder, 'stranger.pem'),
  cert: join(folder, 'client.pem'),
  key: join(folder, 'client.key'),
  foreignKey: join(folder, 'foreign.key'),
  expired: join(folder, 'expired.pem'),
  expiredKey: join(folder, 'expired.key'),
};

function signed(commonName: string, ca?: Signed, ended = false): Promise<Signed> {
  const day = 86_400_000;
  return generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 3 * day),
    notAfterDate: new Date(Date.now() + (ended ? -day : day)),
    ...(ca
      ? {
          ca: { cert: ca.cert, key: ca.private },
          extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: commonName }] }],
        }
      : {
          extensions: [
            { name: 'basicConstraints', cA: true, critical: true },
            { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
          ],
        }),
  });
}

interface Door {
  readonly port: number;
  close(): Promise<void>;
}

/** A TLS entrance to the run's Temporal server: `admits` decides by the authorization header. */
async function openDoor(
  options: http2.SecureServerOptions,
  admits: (authorization: string | undefined) => boolean,
): Promise<Door> {
  const server: Http2SecureServer = http2.createSecureServer(options);
  const sessions = new Set<{ destroy(): void }>();
  const inner: ClientHttp2Session = http2.connect(`http://${temporalAddress()}`);
  server.on('session', session => sessions.add(session));
  server.on('sessionError', () => undefined);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    if (!admits(headers.authorization)) {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(UNAUTHENTICATED) },
        { endStream: true },
      );
      return;
    }
    const rest: OutgoingHttpHeaders = { ...headers };
    delete rest[':authority'];
    delete rest[':scheme'];
    const forwarded = inner.request(rest);
    forwarded.on('error', () => stream.close());
    forwarded.on('response', answer => {
      const isOnlyHeaders = answer['grpc-status'] !== undefined;
      stream.respond(answer, { waitForTrailers: !isOnlyHeaders, endStream: isOnlyHeaders });
    });
    forwarded.on('trailers', (trailers: OutgoingHttpHeaders) =>
      stream.on('wantTrailers', () => stream.sendTrailers(trailers)),
    );
    forwarded.on('data', chunk => stream.write(chunk));
    forwarded.on('end', () => stream.end());
    stream.pipe(forwarded);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        inner.destroy();
        sessions.forEach(session => session.destroy());
        server.close(() => resolve());
      }),
  };
}

beforeAll(async () => {
  const [authority, stranger] = await Promise.all([signed('Authority'), signed('Stranger')]);
  const [server, client, expired] = await Promise.all([
    signed(NAME_OF_SERVER, authority),
    signed('paydaskent', authority),
    signed('paydaskent', authority, true),
  ]);
  writeFileSync(paths.authority, authority.cert);
  writeFileSync(paths.stranger, stranger.cert);
  writeFileSync(paths.cert, client.cert);
  writeFileSync(paths.key, client.private);
  writeFileSync(paths.foreignKey, server.private);
  writeFileSync(paths.expired, expired.cert);
  writeFileSync(paths.expiredKey, expired.private);
  const own = { cert: server.cert, key: server.private };
  const [mutual, keyed] = await Promise.all([
    openDoor({ ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: true }, () => true),
    openDoor(own, authorization => authorization === `Bearer ${API_KEY}`),
  ]);
  doors = { mutual, keyed };
});

afterAll(async () => {
  await Promise.all(Object.values(doors ?? {}).map((door: Door) => door.close()));
  rmSync(folder, { recursive: true });
});

type Given = Record<string, string>;

const accessOf = (given: Given) =>
  readEnv('admin', {
    MONGODB_URI: 'mongodb://127.0.0.1/none',
    TEMPORAL_ADDRESS: temporalAddress(),
    ...given,
  });

const trusted = (): Given => ({
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: paths.authority,
  TEMPORAL_TLS_SERVER_NAME: NAME_OF_SERVER,
});

const withCertificate = (): Given => ({
  ...trusted(),
  TEMPORAL_ADDRESS: `127.0.0.1:${doors.mutual.port}`,
  TEMPORAL_TLS_CLIENT_CERT_PATH: paths.cert,
  TEMPORAL_TLS_CLIENT_KEY_PATH: paths.key,
});

const withKey = (): Given => ({
  ...trusted(),
  TEMPORAL_ADDRESS: `127.0.0.1:${doors.keyed.port}`,
  TEMPORAL_API_KEY: API_KEY,
});

async function checked(given: Given, namespace = temporalNamespace, limitMs?: number): Promise<void> {
  const connection = lazyConnection(accessOf(given));
  try {
    await checkNamespace(connection, namespace, limitMs);
  } finally {
    await connection.close();
  }
}

test.each<[string, () => Given]>([
  ['in the clear', () => ({})],
  [
    'in the clear, by all addresses of a name',
    () => ({ TEMPORAL_ADDRESS: temporalAddress().replace(/^[^:]+/, 'dns:///localhost') }),
  ],
  ['with a certificate of its own (mTLS)', withCertificate],
  ['with an API key', withKey],
])('clients and workers reach the namespace %s', async (_, given) => {
  await checked(given());
  const native = await NativeConnection.connect(workerConnectionOptions(accessOf(given())));
  const { namespaceInfo } = await native.workflowService.describeNamespace({ namespace: temporalNamespace });
  await native.close();
  expect(namespaceInfo?.name).toBe(temporalNamespace);
});

test.each<[string, () => Given]>([
  ['without a certificate', () => ({ ...trusted(), TEMPORAL_ADDRESS: `127.0.0.1:${doors.mutual.port}` })],
  [
    'if the server shows the certificate of a stranger',
    () => ({ ...withCertificate(), TEMPORAL_TLS_SERVER_CA_CERT_PATH: paths.stranger }),
  ],
  [
    'if the certificate has another name',
    () => ({ ...withCertificate(), TEMPORAL_TLS_SERVER_NAME: 'elsewhere.example' }),
  ],
  ['in the clear where TLS is spoken', () => ({ TEMPORAL_ADDRESS: `127.0.0.1:${doors.mutual.port}` })],
])('no connection is made %s', async (_, given) => {
  await expect(checked(given(), temporalNamespace, 1_000)).rejects.toMatchObject({
    code: 'temporal-unavailable',
  });
});

test('a refused key and an unknown namespace are mistakes of the configuration', async () => {
  await expect(checked({ ...withKey(), TEMPORAL_API_KEY: 'another' })).rejects.toMatchObject({
    problems: [{ where: 'TEMPORAL_API_KEY' }],
  });
  await expect(checked({}, 'no-such-town')).rejects.toMatchObject({
    problems: [{ where: 'TEMPORAL_NAMESPACE', what: 'is unknown to the Temporal server' }],
  });
});

function problemsOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(problem => problem.where);
  }
}

test.each<[string, () => Given, string]>([
  [
    'a certificate without its key',
    () => ({ TEMPORAL_TLS_CLIENT_CERT_PATH: paths.cert }),
    'TEMPORAL_TLS_CLIENT_KEY_PATH',
  ],
  [
    'a key without its certificate',
    () => ({ TEMPORAL_TLS_CLIENT_KEY_PATH: paths.key }),
    'TEMPORAL_TLS_CLIENT_CERT_PATH',
  ],
  [
    'the key of another certificate',
    () => ({ TEMPORAL_TLS_CLIENT_CERT_PATH: paths.cert, TEMPORAL_TLS_CLIENT_KEY_PATH: paths.foreignKey }),
    'TEMPORAL_TLS_CLIENT_KEY_PATH',
  ],
  [
    'an expired certificate',
    () => ({ TEMPORAL_TLS_CLIENT_CERT_PATH: paths.expired, TEMPORAL_TLS_CLIENT_KEY_PATH: paths.expiredKey }),
    'TEMPORAL_TLS_CLIENT_CERT_PATH',
  ],
  [
    'a certificate that is a key',
    () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: paths.key }),
    'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  ],
  [
    'a file that does not exist',
    () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder, 'none.pem') }),
    'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  ],
  ['an API key in the clear', () => ({ TEMPORAL_TLS: 'false', TEMPORAL_API_KEY: API_KEY }), 'TEMPORAL_TLS'],
  ['a list of addresses', () => ({ TEMPORAL_ADDRESS: 'a:7233,b:7233' }), 'TEMPORAL_ADDRESS'],
  ['all addresses of an address', () => ({ TEMPORAL_ADDRESS: 'dns:///127.0.0.1:7233' }), 'TEMPORAL_ADDRESS'],
])('%s is refused at start', (_, given, where) => {
  expect(problemsOf(() => accessOf(given()))).toEqual([where]);
});
