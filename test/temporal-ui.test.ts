import { join, resolve } from 'node:path';
import { anyFree } from '../src/local/services/port';
import type { Service } from '../src/local/services/source';
import { startTemporal } from '../src/local/services/temporal';
import { ownFolder } from './support/own-folder';

const root = resolve(__dirname, '..');

describe('the Temporal UI of npm start', () => {
  const logFolder = ownFolder('temporal-ui');
  let service: Service;
  let ui: string;

  beforeAll(async () => {
    const uiPort = await anyFree();
    ui = `http://127.0.0.1:${uiPort}`;
    const place = { root, local: join(root, '.local') };
    const ports = { port: await anyFree(), uiPort };
    service = await startTemporal(
      { ...place, ...ports, namespace: 'paydaskent', searchAttributes: {}, logFolder, ownGroup: false },
      () => undefined,
    );
  }, 90_000);
  afterAll(() => service.stop());

  const workflows = '/api/v1/namespaces/paydaskent/workflows';

  test('shows its pages and lists', async () => {
    expect(await (await fetch(ui)).text()).toContain('<!doctype html>');
    expect((await fetch(ui + workflows)).status).toBe(200);
  });

  test.each(['/api/v1/settings', '/api/v1/settings?'])('offers no write action in %s', async path => {
    const answer = await fetch(ui + path);
    expect(await answer.json()).toMatchObject({ DisableWriteActions: true, DisableNewsFetch: true });
  });

  test.each(['terminate', 'cancel', 'signal/withdraw', 'reset'])('refuses to %s a workflow', async act => {
    const answer = await fetch(`${ui}${workflows}/PK-1/${act}`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(405);
  });

  test('allows queries, which change nothing', async () => {
    const answer = await fetch(`${ui}${workflows}/PK-1/query/view`, { method: 'POST', body: '{}' });
    expect(answer.status).not.toBe(405);
  });
});
