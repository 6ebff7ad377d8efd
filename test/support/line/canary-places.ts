import type { OwnStore } from './own-store';
import { type Place, textsIn } from './secrets-search';
import type { TestLine } from '../line';

const place = (name: string, text: string): Place => ({ name, bytes: Buffer.from(text) });

/** Everything of Temporal: lists, histories, what its UI shows of a running workflow, and the files of its database. */
export async function placesOfTemporal({ temporal }: TestLine): Promise<Place[]> {
  const found: Place[] = [];
  for await (const listed of temporal.client.workflow.list()) {
    const handle = temporal.client.workflow.getHandle(listed.workflowId, listed.runId);
    const attributes = textsIn(listed.searchAttributes) + textsIn(listed.memo);
    found.push(place(`the list: ${listed.type}`, textsIn(listed.raw) + attributes));
    found.push(place(`the history: ${listed.type}`, textsIn(await handle.fetchHistory())));
    const shown: unknown = await handle.query('__temporal_workflow_metadata');
    found.push(place(`the page: ${listed.type}`, textsIn(shown)));
  }
  found.push(...temporal.databaseFiles().map((bytes, n) => ({ name: `database file ${n}`, bytes })));
  return found;
}

/** The logs and the metrics of both roles. */
export async function placesOfRoles(line: TestLine): Promise<Place[]> {
  const metrics = await Promise.all(
    [line.metricsUrl, line.workerMetricsUrl].map(async url => (await fetch(url)).text()),
  );
  return [
    place("the web's log", line.web.log()),
    place("the worker's log", line.worker.log()),
    place('the metrics', metrics.join('\n')),
  ];
}

/**
 * The headers of all mails, as sent and decoded, and the line's own addresses in mails, messages and pages. A link to a
 * map or a telephone is not the line's: it carries place or number on purpose.
 */
export async function placesOfMails(line: TestLine): Promise<Place[]> {
  const mails = await line.phones.mails();
  const headers = mails.map(({ headers: all, subject, messageId, from, to }) =>
    [textsIn(all), subject, messageId, from, ...to].join('\n'),
  );
  const own = mails.flatMap(({ links }) => links).filter(link => link.startsWith(line.baseUrl));
  const outbox = await line.store.outbox.model.find({ channel: 'whatsapp' }).lean();
  const messages = JSON.stringify(outbox).matchAll(/https?:\/\/[^\s"'\\)]+/g);
  const pages: string[] = [];
  for (const link of new Set(own)) pages.push(...addressesIn(await (await fetch(link)).text()));
  const served = [...own, ...[...messages].map(([url]) => url), ...pages];
  return [
    place('the headers of mails', headers.join('\n')),
    place('the addresses served', served.filter(url => isOwn(url, line.baseUrl)).join('\n')),
  ];
}

const addressesIn = (html: string): string[] =>
  [...html.matchAll(/(?:href|src|action|srcset|data-url)="([^"]*)"/g)].map(([, url = '']) => url);

const isOwn = (url: string, baseUrl: string): boolean =>
  url.startsWith(baseUrl) || !/^(?:\w+:|\/\/)/.test(url);

/** Every collection of the database, GridFS included. */
export async function placesOfRecords({ store }: Pick<TestLine, 'store'>): Promise<Place[]> {
  const { db } = store.inbox.model;
  const names = (await db.listCollections()).map(({ name }) => name);
  return Promise.all(
    names.map(async name => {
      const stored = await db.collection(name).find().toArray();
      const bytes = stored.flatMap(({ data }) => (hasBytes(data) ? [Buffer.from(data.buffer)] : []));
      const texts = Buffer.from(textsIn(JSON.parse(JSON.stringify(stored))));
      return { name, bytes: Buffer.concat([texts, ...bytes]) };
    }),
  );
}

const hasBytes = (data: unknown): data is { buffer: Uint8Array } =>
  typeof data === 'object' && data !== null && 'buffer' in data;

/** The files of the embedded store as they are on the disk. */
export const placesOnDisk = (records: OwnStore | null): Place[] =>
  (records?.files() ?? []).map(({ name, bytes }) => ({ name: `the file ${name}`, bytes }));
