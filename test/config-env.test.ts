import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, describeProblems } from '../src/config/config-error';
import { readEnv, variables } from '../src/config/env';

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64url');

const web = {
  MONGODB_URI: 'mongodb://127.0.0.1:27017/paydaskent',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  PUBLIC_BASE_URL: 'https://bildirim.example.org/',
  LINK_KEYS: `k2:${key(2)}, k1:${key(1)}`,
  WHATSAPP_APP_SECRET: 'new-secret,old-secret',
  WHATSAPP_VERIFY_TOKEN: 'handshake',
  WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
};
const worker = {
  ...web,
  WHATSAPP_ACCESS_TOKEN: 'EAAtoken',
  SMTP_URL: 'smtp://127.0.0.1:1025',
  MAIL_FROM: 'Bildirim Hattı <bildirim@etimesgut.example>',
};

function problemsOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return describeProblems(error) ?? String(error);
  }
  return '';
}

test('given values are parsed, and optional ones have defaults', () => {
  expect(readEnv('web', web)).toEqual({
    CONFIG_DIR: 'config/etimesgut',
    DRAIN_SECONDS: 0,
    LOG_LEVEL: 'info',
    METRICS_PORT: 0,
    MONGODB_POOL_SIZE: 20,
    MONGODB_URI: 'mongodb://127.0.0.1:27017/paydaskent',
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
    TEMPORAL_NAMESPACE: 'paydaskent',
    TEMPORAL_UI_URL: 'http://localhost:8080',
    PORT: 3000,
    PUBLIC_BASE_URL: 'https://bildirim.example.org',
    OIDC_GROUPS_CLAIM: 'groups',
    LINK_KEYS: [
      { id: 'k2', key: Buffer.alloc(32, 2) },
      { id: 'k1', key: Buffer.alloc(32, 1) },
    ],
    WHATSAPP_APP_SECRET: ['new-secret', 'old-secret'],
    WHATSAPP_VERIFY_TOKEN: 'handshake',
    WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
  });
  expect(readEnv('worker', worker)).toMatchObject({
    WHATSAPP_GRAPH_URL: 'https://graph.facebook.com',
    WHATSAPP_GRAPH_VERSION: 'v26.0',
    MAIL_FROM: { name: 'Bildirim Hattı', address: 'bildirim@etimesgut.example' },
  });
});

test.each([
  ['MONGODB_URI', 'mongodb://user:pass@a:27017,b:27017,c:27017/paydaskent?replicaSet=rs0'],
  ['MONGODB_URI', 'mongodb+srv://cluster.example.org/paydaskent'],
  ['TEMPORAL_ADDRESS', 'temporal.example.org:7233'],
  ['TEMPORAL_ADDRESS', '[::1]:7233'],
  ['TEMPORAL_ADDRESS', 'dns:///temporal.example.org:7233'],
])('%s=%s is accepted', (name, value) => {
  expect(readEnv('web', { ...web, [name]: value })).toMatchObject({ [name]: value });
});

test('the speech server is optional, its key as well', () => {
  expect(readEnv('worker', worker)).toMatchObject({ SPEECH_URL: undefined, SPEECH_API_KEY: undefined });
  const given = readEnv('worker', { ...worker, SPEECH_URL: 'http://speech:8000/', SPEECH_MODEL: 'small' });
  expect(given).toMatchObject({ SPEECH_URL: 'http://speech:8000', SPEECH_MODEL: 'small' });
});

test.each([
  ['SPEECH_URL', 'speech:8000'],
  ['SPEECH_URL', 'http://speech:8000/v1'],
  ['SPEECH_MODEL', 'two words'],
  ['IMAP_URL', 'imap.example.org'],
  ['IMAP_URL', 'https://hat:secret@imap.example.org'],
  ['IMAP_URL', 'imaps://imap.example.org/INBOX'],
  ['IMAP_URL', 'imaps://hat@imap.example.org/INBOX'],
  ['IMAP_EVERY_SECONDS', '0'],
])('%s=%s of a worker is refused', (name, value) => {
  expect(() => readEnv('worker', { ...worker, [name]: value })).toThrow(ConfigError);
});

test('the settings are frozen', () => {
  expect(Object.isFrozen(readEnv('web', web))).toBe(true);
});

test('each role needs only its own variables', () => {
  expect(readEnv('checks', {})).toEqual({ CONFIG_DIR: 'config/etimesgut', LOG_LEVEL: 'info' });
  expect(problemsOf(() => readEnv('admin', {}))).toBe(
    'MONGODB_URI: is missing; allowed: mongodb://host:port/database or mongodb+srv://…\n' +
      'TEMPORAL_ADDRESS: is missing; allowed: host:port; dns:///name:port for all addresses of a name in turn',
  );
});

test('all problems are listed together, with the allowed values and never the given one', () => {
  const wrong = {
    ...worker,
    LOG_LEVEL: 'loud',
    MONGODB_URI: 'postgres://user:hunter2@db',
    LINK_KEYS: 'k1:tooshort-hunter2',
    WHATSAPP_GRAPH_VERSION: '26',
    SMTP_URL: 'hunter2',
    MAIL_FROM: 'nobody',
  };
  const problems = problemsOf(() => readEnv('worker', wrong));
  expect(problems.split('\n').map(line => line.split(':')[0])).toEqual([
    'LOG_LEVEL',
    'MONGODB_URI',
    'LINK_KEYS',
    'WHATSAPP_GRAPH_VERSION',
    'SMTP_URL',
    'MAIL_FROM',
  ]);
  expect(problems).toContain(
    'LOG_LEVEL: is not valid; allowed: fatal, error, warn, info, debug, trace, silent',
  );
  expect(problems).not.toContain('hunter2');
});

test.each([
  ['PORT', 'eighty'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PUBLIC_BASE_URL', 'bildirim.example.org'],
  ['PUBLIC_BASE_URL', 'ftp://bildirim.example.org'],
  ['TEMPORAL_ADDRESS', '127.0.0.1'],
  ['LINK_KEYS', `k1:${key(1)},`],
  ['LINK_KEYS', `k1:${key(1)},k1:${key(2)}`],
  ['LINK_KEYS', key(1)],
  ['LINK_KEYS', `k1:${key(1)}@2026-12-31T12:00Z`],
  ['LINK_KEYS', `k2:${key(2)},k1:${key(1)}@2026-12-31`],
  ['LINK_KEYS', `k2:${key(2)},k1:${key(1)}@2026-13-31T12:00Z`],
  ['WHATSAPP_APP_SECRET', 'one,,two'],
  ['WHATSAPP_PHONE_NUMBER_ID', '+905333380606'],
  ['WHATSAPP_VERIFY_TOKEN', ''],
])('%s=%s is refused', (name, value) => {
  expect(() => readEnv('web', { ...web, [name]: value })).toThrow(ConfigError);
});

describe('a secret as a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'env-'));
  const file = join(folder, 'secret');
  beforeAll(() => writeFileSync(file, 'from-file\n'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is read without its line break', () => {
    const source = { ...web, WHATSAPP_VERIFY_TOKEN: undefined, WHATSAPP_VERIFY_TOKEN_FILE: file };
    expect(readEnv('web', source).WHATSAPP_VERIFY_TOKEN).toBe('from-file');
  });

  test('is refused if the variable itself is set or the file cannot be read', () => {
    expect(problemsOf(() => readEnv('web', { ...web, WHATSAPP_VERIFY_TOKEN_FILE: file }))).toBe(
      'WHATSAPP_VERIFY_TOKEN: is given twice, here and by WHATSAPP_VERIFY_TOKEN_FILE; allowed: one of them',
    );
    const source = {
      ...web,
      WHATSAPP_VERIFY_TOKEN: undefined,
      WHATSAPP_VERIFY_TOKEN_FILE: join(folder, 'none'),
    };
    expect(problemsOf(() => readEnv('web', source))).toBe(
      'WHATSAPP_VERIFY_TOKEN_FILE: names a file that cannot be read; allowed: a readable file',
    );
  });
});

test('.env.example names every variable and no other', () => {
  const example = readFileSync(join(__dirname, '../.env.example'), 'utf8');
  const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map(match => match[1]);
  expect([...named].sort()).toEqual(Object.keys(variables).sort());
});

test('an OpenID provider needs https except on this machine, and id and secret of the client', () => {
  const given = (more: Record<string, string>) => readEnv('web', { ...web, ...more });
  const client = { OIDC_CLIENT_ID: 'line', OIDC_CLIENT_SECRET: 'secret' };
  for (const OIDC_ISSUER of [
    'https://kimlik.example/realms/a',
    'http://127.0.0.1:8080',
    'http://localhost:9',
  ]) {
    expect(given({ OIDC_ISSUER, ...client })).toMatchObject({ OIDC_ISSUER });
  }
  for (const OIDC_ISSUER of ['http://kimlik.example', 'https://kimlik.example/?a=b', 'kimlik.example']) {
    expect(problemsOf(() => given({ OIDC_ISSUER, ...client }))).toMatch(/^OIDC_ISSUER: is not valid/);
  }
  expect(problemsOf(() => given({ OIDC_ISSUER: 'https://kimlik.example' }))).toMatch(
    /^OIDC_CLIENT_ID: is missing[^\n]*\nOIDC_CLIENT_SECRET: is missing/,
  );
});
