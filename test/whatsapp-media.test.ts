import { createHash } from 'node:crypto';
import { createGraphClient, type GraphClient } from '../src/whatsapp/graph-client';
import { fileUrlGate, gathered } from '../src/whatsapp/media-file';
import { startGraphServer, type GraphServer } from './support/graph-server';

const MEGABYTE = 1024 * 1024;
let server: GraphServer;
let file: { url?: string; file_size?: number; sha256?: string };
let bytes: Buffer;
let headers: Record<string, string>;
let status: number;
let client: GraphClient;

beforeEach(async () => {
  [file, bytes, headers, status] = [{}, Buffer.from('photo'), {}, 200];
  server = await startGraphServer((request, response) => {
    if (request.url === '/file') response.writeHead(status, headers).end(bytes);
    else response.end(JSON.stringify({ url: `${server.url}/file`, ...file }));
  });
  client = createGraphClient({ url: server.url, version: 'v26.0', accessToken: 'token', phoneNumberId: '1' });
});
afterEach(() => server.stop());

const MOST = 16 * MEGABYTE;
const download = async (mediaId: string): Promise<Buffer> =>
  gathered(await client.download(mediaId, MOST), MOST);
const digest = (encoding: 'hex' | 'base64'): string => createHash('sha256').update(bytes).digest(encoding);

describe('a file of a message', () => {
  it('is looked up and downloaded, each with the token', async () => {
    expect(await download('17/../x')).toEqual(bytes);
    expect(server.requests).toEqual([
      { path: '/v26.0/17%2F..%2Fx?phone_number_id=1', authorization: 'Bearer token' },
      { path: '/file', authorization: 'Bearer token' },
    ]);
  });

  it.each<[string, () => void, string]>([
    ['that is announced as too large', () => (file = { file_size: 17 * MEGABYTE }), 'too-large'],
    ['that becomes too large', () => (bytes = Buffer.alloc(MOST + 1)), 'too-large'],
    ['on another machine', () => (file = { url: 'https://127.0.0.1/file' }), 'foreign-host'],
    ['without a URL', () => (file = { url: '' }), 'foreign-host'],
    ['that is forbidden', () => (status = 403), 'http-403'],
  ])('%s is refused', async (_, given, reason) => {
    given();
    await expect(download('17')).rejects.toMatchObject({ code: 'whatsapp-refused', reason });
  });

  it('may be sixteen megabytes large', async () => {
    bytes = Buffer.alloc(MOST);
    expect(await download('17')).toHaveLength(MOST);
  });

  it.each(['hex', 'base64'] as const)('may be announced with its digest in %s', async encoding => {
    file = { sha256: digest(encoding), file_size: bytes.length };
    expect(await download('17')).toEqual(bytes);
  });

  it.each<[string, () => void]>([
    ['another digest', () => (file = { sha256: digest('hex').replace(/^./, 'x') })],
    ['another size', () => (file = { file_size: 4 })],
  ])('that differs from its announced %s is damaged', async (_, given) => {
    given();
    await expect(download('17')).rejects.toMatchObject({ code: 'whatsapp-retry', reason: 'damaged' });
  });

  it.each<[string, () => void]>([
    ['whose URL has expired', () => (status = 404)],
    ['that breaks off', () => (headers = { 'content-length': '500' })],
    ['that is redirected', () => ([status, headers] = [302, { location: 'http://127.0.0.1:9/' }])],
  ])('%s may be retried', async (_, given) => {
    given();
    await expect(download('17')).rejects.toMatchObject({ code: 'whatsapp-retry' });
  });
});

describe('the token goes', () => {
  const admits = fileUrlGate('http://127.0.0.1:8080/graph');
  it.each([
    'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1',
    'https://graph.facebook.com/v26.0/1',
    'http://127.0.0.1:8080/lookaside/1',
  ])('to %s', url => {
    expect(admits(url)).toBe(true);
  });

  it.each([
    'http://lookaside.fbsbx.com/1',
    'https://lookaside.fbsbx.com:8443/1',
    'https://lookaside.fbsbx.com.evil.example/1',
    'https://evilfbsbx.com/1',
    'https://user@lookaside.fbsbx.com/1',
    'https://lookaside.fbsbx.com@evil.example/1',
    'http://127.0.0.1:8081/1',
    'http://127.0.0.1/1',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'file:///etc/passwd',
    'data:text/plain,x',
    '//lookaside.fbsbx.com/1',
    'nowhere',
    '',
  ])('not to %s', url => {
    expect(admits(url)).toBe(false);
  });
});
