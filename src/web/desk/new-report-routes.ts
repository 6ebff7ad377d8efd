import { Router } from '@koa/router';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { correctSubjects } from '../../config/correction';
import { callableNumber, type Municipality } from '../../config/municipality';
import { languages } from '../../config/schemas/texts';
import { pinIn } from '../../domain/place/map-pin';
import { oneLine, plainText } from '../../domain/plain-text';
import { AppError } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import type { CaseRecord, StaffEntry } from '../../store/case-records';
import { plannedCase, reportSources, type StaffReport } from '../../store/staff-reports';
import type { Store } from '../../store/store';
import { plainForm } from '../form-body';
import type { Notice } from '../task/act-notices';
import { createDeskDoor, type DeskDoorDeps, ownForm, type Staff } from './desk-door';
import { deskFrame, type DeskPages } from './desk-pages';

export interface NewReportDeps extends DeskDoorDeps {
  store: DeskDoorDeps['store'] & Pick<Store, 'cases'>;
  municipality: Municipality;
  /** Opens a case for a report of staff. Idempotent by its id. */
  enterReport: (report: StaffReport) => Promise<CaseRecord>;
  links: Pick<TaskLinks, 'nonceFor' | 'isNonce'>;
  deskPages: DeskPages;
}

const LONGEST_WORDS = 2_000;
const LONGEST_NAME = 120;

const text = z.string().max(20_000).default('').transform(plainText).pipe(z.string().trim());
const form = z.object({
  nonce: z.string().max(100),
  source: z.enum(reportSources).catch('phone'),
  words: text,
  subject: z.string().max(64).default(''),
  pin: z.string().max(500).default(''),
  phone: z.string().max(40).default(''),
  name: text,
  whatsapp: z.literal('yes').optional().catch(undefined),
  language: z.enum(languages).catch('tr'),
});

const sourceNames: Readonly<Record<StaffEntry['source'], string>> = {
  phone: 'Telefonla arayan',
  counter: 'Başvuru masasına gelen',
  muhtar: 'Muhtar',
};

const wrong: Notice = {
  tone: 'alarm',
  title: 'Kayıt henüz açılmadı',
  text: 'Formda düzeltilmesi gereken alanlar var; yazdıklarınız duruyor.',
};
const pending: Notice = {
  tone: 'alarm',
  title: 'Kayıt henüz açılamadı',
  text: 'Lütfen bir dakika sonra aynı formu yeniden gönderiniz; kayıt bir kez açılır.',
};

/** `/desk/new-report`: enters a report as `admin new-report` does, and leads to its case. */
export function newReportRoutes(deps: NewReportDeps): Router {
  const { store, municipality, enterReport, links, deskPages, publicBaseUrl } = deps;
  const router = new Router();
  const door = createDeskDoor(deps);
  const subjects = correctSubjects(municipality)
    .map(({ slug, name }) => ({ value: slug, name: name.tr }))
    .sort((a, b) => a.name.localeCompare(b.name, 'tr'));

  function page(
    staff: Staff,
    typed: Partial<Record<string, string>> = {},
    { notice = null, errors = {} }: { notice?: Notice | null; errors?: Partial<Record<string, string>> } = {},
  ): string {
    return deskPages.newReport({
      desk: deskFrame(staff, '/new-report', { links, publicBaseUrl }),
      sources: reportSources.map(value => ({ value, name: sourceNames[value] })),
      ...{ subjects, typed, errors, notice, limit: LONGEST_WORDS },
    });
  }

  door.add(router, 'GET /desk/new-report', async (ctx, staff) => {
    ctx.body = page(staff);
  });

  door.add(router, 'POST /desk/new-report', plainForm('64kb'), async (ctx, staff) => {
    const { nonce, whatsapp, subject, ...sent } = ownForm(form, ctx, staff, links);
    const typed = { ...sent, subject, whatsapp: whatsapp ?? '' };
    const phone = sent.phone.trim() === '' ? null : callableNumber(sent.phone);
    const pin = sent.pin.trim() === '' ? null : pinIn(sent.pin, municipality.country);
    const isLong = [...sent.words].length > LONGEST_WORDS;
    const errors = {
      ...(sent.words === '' && { words: 'Lütfen bildirileni, adresiyle birlikte yazınız.' }),
      ...(isLong && { words: `En çok ${LONGEST_WORDS} karakter yazabilirsiniz.` }),
      ...(sent.phone.trim() !== '' && phone === null && { phone: 'Numara 0532 123 45 67 gibi olmalıdır.' }),
      ...(whatsapp && phone === null && { phone: 'WhatsApp ile yanıt için numara gerekir.' }),
      ...(sent.pin.trim() !== '' &&
        pin === null && { pin: 'Koordinat bulunamadı; 39.94712, 32.63321 gibi yazınız.' }),
      ...(subject !== '' &&
        !subjects.some(({ value }) => value === subject) && { subject: 'Listeden seçiniz.' }),
    };
    if (Object.keys(errors).length > 0) {
      ctx.status = 400;
      ctx.body = page(staff, typed, { notice: wrong, errors });
      return;
    }
    const { source, words, language } = sent;
    const name = oneLine(sent.name, LONGEST_NAME);
    try {
      const { caseNumber, intake } = await enterReport({
        id: createHash('sha256').update(`report:${nonce}`).digest('hex').slice(0, 32),
        ...{ source, words, language, phone, name: name === '' ? null : name, by: staff.actor },
        pin: pin && { ...pin, name: null, address: null },
        wantsWhatsApp: whatsapp === 'yes',
        ...(subject !== '' && { subject }),
      });
      // The page of the case needs its first plan.
      const isPlanned = (await plannedCase(store, caseNumber)) !== null;
      if (isPlanned) {
        ctx.status = 303;
        ctx.redirect(`${publicBaseUrl}/desk/cases/${caseNumber}?done=entered`);
      } else {
        const opened: Notice = {
          tone: 'good',
          title: `Kayıt no ${caseNumber}`,
          text: 'Kayıt açıldı, planlanıyor.',
        };
        ctx.body = page(staff, {}, { notice: opened });
      }
      return { caseNumber, citizenId: intake.citizenId, detail: source };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'temporal-unavailable') throw error;
      ctx.status = 503;
      ctx.body = page(staff, typed, { notice: pending });
    }
  });

  return router;
}
