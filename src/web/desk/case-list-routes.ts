import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { internationalNumber, type Municipality } from '../../config/municipality';
import { readCaseNumber } from '../../domain/identifiers';
import { foldedWords } from '../../domain/turkish';
import type { TaskLinks } from '../../mail/task-link';
import type { OpenedCase } from '../../store/case-records';
import { reportSources } from '../../store/staff-reports';
import type { Store } from '../../store/store';
import type { CaseCounts, FoundCase } from '../../temporal/case-list';
import { caseUrl, viewUrl } from '../../temporal/manager-views';
import { mapConcurrently } from '../../whatsapp/hand-over';
import { sendCsv } from '../csv-file';
import { plainForm } from '../form-body';
import {
  type DeskFilter,
  type FilterField,
  filterFields,
  filterUrl,
  readDeskFilter,
  listOf,
} from './case-filter';
import { AT_ONCE, caseRow, type CaseRow, casesOf, type RowDeps } from './case-rows';
import { createDeskDoor, type DeskDoorDeps, ownForm, type Staff } from './desk-door';
import { deskFrame, type DeskPages } from './desk-pages';
import { departmentsFor, hasRight, hasRightFor } from './rights';

export interface CaseListDeps extends DeskDoorDeps, RowDeps {
  store: DeskDoorDeps['store'] & RowDeps['store'] & Pick<Store, 'identities' | 'citizens'>;
  municipality: Municipality;
  counts: Pick<CaseCounts, 'list'>;
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  temporalUi: { url: string; namespace: string };
  deskPages: DeskPages;
}

const LIST_LIMIT_MS = 5_000;
/** More cases than anybody reads; the page says that there are more. */
const MOST_LISTED = 3_000;
const ON_A_PAGE = 25;
/** Cases whose words a search reads at most. */
const MOST_READ = 1_000;
const MOST_FOUND = 25;

/** How a report came, as the search filters it. */
const sources = ['whatsapp', ...reportSources] as const;
type Source = (typeof sources)[number];

const sourceNames: Readonly<Record<Source, string>> = {
  whatsapp: 'WhatsApp',
  phone: 'Telefon',
  counter: 'Başvuru masası',
  muhtar: 'Muhtar',
};

const searchForm = z.object({
  nonce: z.string().max(100),
  phone: z.string().max(40).default(''),
  words: z.string().max(200).default(''),
  source: z.enum(sources).nullish().catch(null),
});

/** `/desk/cases`: the cases behind each number, and `/desk/search`: cases by number, telephone or words. */
export function caseListRoutes(deps: CaseListDeps): Router {
  const { store, municipality, counts, links, temporalUi, deskPages, publicBaseUrl, now } = deps;
  const router = new Router();
  const door = createDeskDoor(deps);
  const home = `${publicBaseUrl}/desk`;

  /** `IN ()` is no query; such a reader has chosen the department of somebody else. */
  const isNobodys = (query: string): boolean => query.includes('IN ()');

  function sorted(cases: readonly FoundCase[], order: DeskFilter['order']): FoundCase[] {
    const dueAt = (one: FoundCase): number => one.dueAt ?? Infinity;
    return [...cases].sort((a, b) => {
      if (order === 'newest') return b.startedAt - a.startedAt;
      if (order === 'oldest') return a.startedAt - b.startedAt;
      return dueAt(a) === dueAt(b) ? a.startedAt - b.startedAt : dueAt(a) - dueAt(b);
    });
  }

  async function listed(
    filter: DeskFilter,
    { grants }: Staff,
    right: 'cases' | 'export' = 'cases',
  ): Promise<{ name: string; query: string; numbers: string[]; isCut: boolean }> {
    const departments = departmentsFor(grants, right);
    const { name, query } = listOf(filter, departments, municipality, now().getTime());
    if (isNobodys(query)) return { name, query, numbers: [], isCut: false };
    const { cases, isCut } = await counts.list(query, MOST_LISTED, LIST_LIMIT_MS);
    return { name, query, numbers: sorted(cases, filter.order).map(({ caseNumber }) => caseNumber), isCut };
  }

  const hasWords = ({ progress }: OpenedCase, { grants }: Staff): boolean =>
    hasRightFor(grants, 'words', progress.plan.desk.slug);

  const rowsOf = (cases: readonly OpenedCase[], staff: Staff): Promise<CaseRow[]> =>
    mapConcurrently(cases, AT_ONCE, one =>
      caseRow(deps, one, { now: now().getTime(), hasWords: hasWords(one, staff) }),
    );

  const linked = (rows: readonly CaseRow[]) =>
    rows.map(row => ({ ...row, timeline: caseUrl(temporalUi.url, temporalUi.namespace, row.caseNumber) }));

  door.add(router, 'GET /desk/cases', async (ctx, staff) => {
    const filter = readDeskFilter(ctx.query, municipality);
    const { name, query, numbers, isCut } = await listed(filter, staff);
    const first = (filter.page - 1) * ON_A_PAGE;
    const rows = await rowsOf(await casesOf(deps, numbers.slice(first, first + ON_A_PAGE)), staff);
    const base = `${home}/cases`;
    ctx.body = deskPages.cases({
      desk: deskFrame(staff, '/cases', { links, publicBaseUrl }),
      title: name,
      total: numbers.length,
      isCut,
      rows: linked(rows),
      fields: filterFields(filter, municipality, departmentsFor(staff.grants, 'cases')),
      institution: filter.institution,
      before: filter.page > 1 ? filterUrl(base, filter, { page: filter.page - 1 }) : null,
      after: first + ON_A_PAGE < numbers.length ? filterUrl(base, filter, { page: filter.page + 1 }) : null,
      csv: hasRight(staff.grants, 'export') ? filterUrl(`${base}.csv`, filter, { page: 1 }) : null,
      temporal: isNobodys(query) ? null : viewUrl(temporalUi.url, temporalUi.namespace, query),
      bulk: hasRight(staff.grants, 'bulk') ? filterUrl(`${home}/bulk`, filter, { page: 1 }) : null,
    });
    return { detail: filter.view };
  });

  door.add(router, 'GET /desk/cases.csv', async (ctx, staff) => {
    const filter = readDeskFilter(ctx.query, municipality);
    const { numbers } = await listed(filter, staff, 'export');
    const cases = await casesOf(deps, numbers);
    // A file is passed on, so it holds neither words nor exact places.
    const rows = await mapConcurrently(cases, AT_ONCE, one =>
      caseRow(deps, one, { now: now().getTime(), hasWords: false }),
    );
    sendCsv(ctx, 'kayitlar.csv', rows.map(csvRow));
    return { detail: `${filter.view} ${rows.length}` };
  });

  function show(ctx: Koa.Context, staff: Staff, found: Found | null): void {
    ctx.body = deskPages.search({
      desk: deskFrame(staff, '/search', { links, publicBaseUrl }),
      fields: [
        ...filterFields(
          found?.filter ?? readDeskFilter({ view: 'open' }, municipality),
          municipality,
          departmentsFor(staff.grants, 'cases'),
        ),
        sourceField(found?.source ?? null),
      ],
      byPhone: hasRight(staff.grants, 'people'),
      byWords: hasRight(staff.grants, 'words'),
      typed: { phone: found?.phone ?? '', words: found?.words ?? '' },
      rows: found && linked(found.rows),
      isCut: found?.isCut ?? false,
    });
  }

  interface Found {
    filter: DeskFilter;
    phone: string;
    words: string;
    source: Source | null;
    rows: CaseRow[];
    isCut: boolean;
  }

  /** Returns the person with this number, and all cases of that person. */
  async function ofPhone(phone: string): Promise<{ citizenId: string | null; cases: OpenedCase[] }> {
    const holder = await store.identities.holderOf(internationalNumber(phone));
    const citizen = holder === null ? null : await store.citizens.get(holder);
    if (!citizen) return { citizenId: null, cases: [] };
    const numbers = citizen.cases.map(({ caseNumber }) => caseNumber).reverse();
    return { citizenId: citizen.id, cases: await casesOf(deps, numbers) };
  }

  /**
   * Returns the cases whose street, subject, report or, with the right to people, name has words that begin like all of
   * these, as Turkish is typed.
   */
  async function withWords(numbers: readonly string[], words: string, staff: Staff): Promise<OpenedCase[]> {
    const wanted = foldedWords(words);
    const byName = hasRight(staff.grants, 'people');
    const cases = (await casesOf(deps, numbers)).filter(one => hasWords(one, staff));
    const texts = await mapConcurrently(cases, AT_ONCE, async ({ intake, progress }) => {
      const messages = await store.messages.shown(progress.messageIds);
      const { location, category } = intake;
      const place = [location?.street, location?.address, intake.neighbourhood?.name];
      const citizen = byName ? await store.citizens.get(intake.citizenId) : null;
      const said = messages.map(message => message.words);
      const all = [category.name, ...place, citizen?.profileName, ...said].join(' ');
      return ` ${foldedWords(all).join(' ')}`;
    });
    return cases.filter((_, at) => wanted.every(word => texts[at]?.includes(` ${word}`)));
  }

  door.add(router, 'GET /desk/search', async (ctx, staff) => {
    show(ctx, staff, null);
  });

  door.add(router, 'POST /desk/search', plainForm('8kb'), async (ctx, staff) => {
    const { words, phone: typed, source = null } = ownForm(searchForm, ctx, staff, links);
    const phone = hasRight(staff.grants, 'people') ? typed.replace(/\D/g, '') : '';
    const filter = readDeskFilter(ctx.request.body as Record<string, unknown>, municipality);
    const mine = ({ progress, intake }: OpenedCase): boolean =>
      hasRightFor(staff.grants, 'cases', progress.plan.desk.slug) &&
      (source === null || source === (intake.entry?.source ?? 'whatsapp'));
    const caseNumber = readCaseNumber(words);
    let found: { cases: OpenedCase[]; isCut: boolean; citizenId?: string | null };
    if (phone !== '') found = { ...(await ofPhone(phone)), isCut: false };
    else if (caseNumber !== null) found = { cases: await casesOf(deps, [caseNumber]), isCut: false };
    else {
      const all = await listed(filter, staff);
      const isText = words.trim() !== '' && hasRight(staff.grants, 'words');
      // A source is no search attribute, so that the records are read for it as well.
      const read = all.numbers.slice(0, isText || source !== null ? MOST_READ : MOST_FOUND);
      found = {
        cases: isText ? await withWords(read, words, staff) : await casesOf(deps, read),
        isCut: all.isCut || read.length < all.numbers.length,
      };
    }
    const cases = found.cases.filter(mine);
    show(ctx, staff, {
      ...{ filter, phone: phone === '' ? '' : typed, words, source },
      rows: await rowsOf(cases.slice(0, MOST_FOUND), staff),
      isCut: found.isCut || cases.length > MOST_FOUND,
    });
    const about = found.citizenId ? { citizenId: found.citizenId } : {};
    return {
      isView: true,
      detail: phone !== '' ? 'phone' : caseNumber !== null ? 'number' : 'words',
      ...about,
    };
  });

  return router;
}

/** Returns the field of the search for how a report came. */
function sourceField(chosen: Source | null): FilterField {
  const all = { value: '', name: 'Tümü', isChosen: chosen === null };
  return {
    ...{ name: 'source', label: 'Nasıl geldi', value: chosen ?? '' },
    options: [
      all,
      ...sources.map(value => ({ value, name: sourceNames[value], isChosen: value === chosen })),
    ],
  };
}

/** One row of the file, in Turkish. Names of the configuration only, so that no cell can be a formula. */
function csvRow(row: CaseRow): Record<string, string> {
  return {
    Kayıt: row.caseNumber,
    Konu: row.subject,
    Öncelik: row.priority,
    Mahalle: row.place,
    Birim: row.department,
    Aşama: row.stage,
    'Son tarih': row.due ? `${row.due.until}, ${row.due.left}` : '',
    Alındı: row.received,
    Süre: row.age,
    'Son adım': row.lastStep,
  };
}
