import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { metaJson } from '../../src/local/cloud-api/webhooks';

const folder = resolve(__dirname, '../payloads');

/** Returns the payload files by name, with their timestamps moved to the present. */
export function payloadFiles(): Map<string, Buffer> {
  const now = Math.floor(Date.now() / 1_000);
  const names = readdirSync(folder).filter(name => name.endsWith('.json'));
  return new Map(
    names.map(name => {
      const text = readFileSync(resolve(folder, name), 'utf8').replaceAll('1760000000', String(now));
      return [name.replace('.json', ''), metaJson(JSON.parse(text))];
    }),
  );
}
