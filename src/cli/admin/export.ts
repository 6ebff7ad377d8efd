import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { outcomeLabels, stageLabels } from '../../domain/case/case-labels';
import { recordFamilies } from '../../domain/retention';
import { dateText, momentText } from '../../mail/case-text';
import { createTemplates } from '../../mail/templates';
import type { PersonCopy } from '../../store/person-copy';
import type { Store } from '../../store/store';
import { withStore } from './connections';
import { deciding, type Decision, targetOf } from './erase';
import { startLabels } from './retention';

const templates = createTemplates(__dirname);

/** Adds `export`: a copy of the data of a person or case as a ZIP file (Law 6698, article 11). */
export function registerExport(admin: Command): void {
  deciding(admin, 'export', 'write a copy of everything stored about a person or one case as a ZIP file')
    .requiredOption('--out <file>', 'the ZIP file; it must not exist')
    .action(async ({ out, ...decision }: Decision & { out: string }) => {
      await withStore(async store => {
        const target = await targetOf(store, decision);
        if (target === null) return;
        const { actor, reason } = decision;
        // The record comes first: nobody gets a copy without a trace.
        await store.trail.add({ at: new Date(), actor, reason, what: 'export', ...target });
        const citizen = target.citizenId === null ? null : await store.citizens.get(target.citizenId);
        const numbers = citizen
          ? citizen.cases.map(({ caseNumber }) => caseNumber)
          : [target.caseNumber ?? ''];
        const municipality = loadMunicipality(readEnv('admin').CONFIG_DIR);
        const copy = await store.copyOfPerson(citizen, numbers);
        await writeCopy(store, municipality, copy, out);
        const { cases, messages, photos, files } = copy;
        const counts = [
          `${cases.length} cases`,
          `${messages.length} messages`,
          `${photos.length + files.length} files`,
        ];
        console.log(`${out}: ${counts.join(', ')}. The export is recorded.`);
      });
    });
}

/** Writes the ZIP file: a page to read, the same as JSON, photos and files. Removes an incomplete one. */
async function writeCopy(
  store: Store,
  municipality: Municipality,
  copy: PersonCopy,
  out: string,
): Promise<void> {
  const file = createWriteStream(out, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(zipped(entriesOf(store, municipality, copy)), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(out, { force: true });
    throw error;
  }
}

/** One file of the copy. */
interface Entry {
  name: string;
  /** Photos, voice and video are compressed already. */
  isText: boolean;
  bytes: () => Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array> | null>;
}

const photoPath = (id: string): string => `fotograflar/${id}.jpg`;
const filePath = ({ id, name }: { id: string; name: string }): string => `dosyalar/${id}-${name}`;

function entriesOf(store: Store, municipality: Municipality, copy: PersonCopy): Entry[] {
  const text = (name: string, words: string): Entry => ({
    name,
    isText: true,
    bytes: () => Promise.resolve([Buffer.from(words)]),
  });
  return [
    text('verileriniz.html', templates.html('export-page', pageOf(municipality, copy))),
    text('veriler.json', JSON.stringify(copy, null, 2)),
    ...copy.photos.map(({ id }) => ({
      name: photoPath(id),
      isText: false,
      bytes: async () => {
        // A copy of one case may be for others, who see it without what was hidden.
        const photo = copy.citizen ? await store.photos.get(id) : await store.photos.shown(id, 'jpeg');
        return [photo?.jpeg ?? Buffer.alloc(0)];
      },
    })),
    ...copy.files.map(found => ({
      name: filePath(found),
      isText: false,
      bytes: () => store.attachments.open(found.id),
    })),
  ];
}

/** Yields the bytes of a ZIP file; one entry is in memory at a time. */
function zipped(entries: readonly Entry[]): Readable {
  const ready: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, data) => {
    failure ??= error;
    ready.push(data);
  });
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const { name, isText, bytes } of entries) {
      const entry = isText ? new ZipDeflate(name) : new ZipPassThrough(name);
      zip.add(entry);
      for await (const chunk of (await bytes()) ?? []) {
        entry.push(new Uint8Array(chunk));
        yield* ready.splice(0);
      }
      entry.push(new Uint8Array(0), true);
      if (failure) throw failure;
      yield* ready.splice(0);
    }
    zip.end();
    yield* ready.splice(0);
  }
  return Readable.from(chunks());
}

interface Row {
  name: string;
  value: string;
}

/** Returns the values of the page, in Turkish. */
function pageOf(municipality: Municipality, copy: PersonCopy): object {
  const { name, timeZone, privacy, retention } = municipality;
  const { purposes, basis, recipients } = privacy.processing;
  const { citizen, cases, messages, answers } = copy;
  const moment = (date: Date): string => momentText(date.getTime(), timeZone);
  const row = (title: string, value: string | null | undefined): Row[] =>
    value === null || value === undefined || value === '' ? [] : [{ name: title, value }];
  const talk = [
    ...messages.map(({ sentAt, words, place, media, caseNumber }) => ({
      at: sentAt,
      who: 'Siz',
      caseNumber,
      words: [words, place && placeOf(place), media && '(dosya)'].filter(part => part).join('\n') || '(boş)',
    })),
    ...answers.map(({ sentAt, content, caseNumber }) => ({
      at: sentAt,
      who: name,
      caseNumber,
      words: wordsOf(content),
    })),
  ].sort((one, other) => one.at.getTime() - other.at.getTime());
  return {
    controller: name,
    date: dateText(Date.now(), timeZone),
    processing: [
      { name: 'Amaç', lines: purposes.tr },
      { name: 'Hukuki dayanak', lines: basis.tr },
      { name: 'Alıcılar', lines: recipients.tr },
    ],
    periods: recordFamilies.map(family => {
      const { name: title, days, after } = retention.families[family];
      return { name: title, period: `${startLabels[after]} itibaren ${days} gün` };
    }),
    identity: [
      ...row('Telefon', citizen?.phone && `+${citizen.phone}`),
      ...row('WhatsApp adı', citizen?.profileName),
      ...row('WhatsApp kullanıcı no', citizen?.bsuid),
      ...row('Hattaki numaranız', citizen?.id),
      ...row('Dil', citizen && (citizen.language === 'tr' ? 'Türkçe' : 'İngilizce')),
      ...row('Son mesaj', citizen && moment(citizen.lastInboundAt)),
      ...row(
        'Aydınlatma',
        citizen?.noticeGivenAt &&
          [moment(citizen.noticeGivenAt), citizen.noticeVersion ?? []].flat().join(', sürüm '),
      ),
      ...row('Bilgilendirmeyi durdurma', citizen?.stoppedAt && moment(citizen.stoppedAt)),
      ...copy.blocks.flatMap(({ at, reason }) => row(`Kısıtlama kararı, ${moment(at)}`, reason)),
      ...copy.requests.flatMap(({ requestedAt }) => row('Silme isteği', moment(requestedAt))),
    ],
    cases: cases.map(({ caseNumber, intake, progress, rating }) => ({
      caseNumber,
      rows: [
        ...row('Konu', intake.category.name),
        ...row('Alınma', moment(intake.receivedAt)),
        ...row('Mahalle', intake.neighbourhood?.name),
        ...row('Yer', intake.place && placeOf(intake.place)),
        ...row('Aşama', progress && stageLabels[progress.stage]),
        ...row('Sonuç', progress?.outcome && outcomeLabels[progress.outcome]),
        ...row('Puanınız', rating === null ? null : String(rating)),
      ],
      files: [
        ...copy.photos
          .filter(photo => photo.caseNumber === caseNumber)
          .map(({ id }) => ({ path: photoPath(id), isPhoto: true })),
        ...copy.files
          .filter(found => found.caseNumber === caseNumber)
          .map(found => ({ path: filePath(found), isPhoto: false })),
      ],
    })),
    talk: talk.map(({ at, ...entry }) => ({ ...entry, when: moment(at) })),
  };
}

function placeOf({
  latitude,
  longitude,
  name,
  address,
}: {
  latitude: number;
  longitude: number;
  name?: string | null;
  address?: string | null;
}): string {
  return [name, address, `${latitude}, ${longitude}`].filter(part => part).join(', ');
}

/** The text of a message of ours; templates hold it in their values. */
function wordsOf(content: unknown): string {
  const { body, parameters } = content as { body?: string; parameters?: readonly string[] };
  return body ?? parameters?.join(' ') ?? '';
}
