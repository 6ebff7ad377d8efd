import type { Municipality } from '../config/municipality';
import { categoryOf } from '../config/offices';
import { callLabels } from '../domain/case/case-labels';
import { type CallResult, isCallOpen } from '../domain/case/citizen-call';
import { plainText } from '../domain/plain-text';
import { momentText } from '../mail/case-text';
import type { OpenedCase } from '../store/case-records';
import type { Store } from '../store/store';
import { untoldEffects } from '../whatsapp/case-talk';
import type { Notice } from './task/act-notices';

/** The page of a call. After the end of the call it shows neither the citizen nor the texts. */
export interface CallView {
  caseNumber: string;
  title: string;
  notice: Notice | null;
  rows: { name: string; value: string; href?: string }[];
  /** Null after the end of the call. */
  task: {
    opening: string;
    texts: { at: string; lines: string[] }[];
    form: CallForm;
  } | null;
}

export interface CallForm {
  nonce: string;
  /** The texts on the page. The report counts only for these. */
  seen: string;
  result: CallResult | null;
  words: string;
  errors: { result?: string; words?: string };
}

export interface CallViewDeps {
  store: Pick<Store, 'cases' | 'citizens' | 'outbox'>;
  municipality: Municipality;
}

/** The link to the status page cannot be read out. */
const LINK = /https?:\/\/\S+/g;

/** A text to read out, with the effect that sent it. */
interface Untold {
  effect: number;
  at: string;
  lines: string[];
}

/** Returns the texts that the citizen has not got and must hear, oldest first. */
export async function untoldTexts(
  { store, municipality }: CallViewDeps,
  { caseNumber, progress }: OpenedCase,
): Promise<Untold[]> {
  const facts = await store.cases.facts(caseNumber, progress.revision);
  const effects = untoldEffects(facts);
  const records = await Promise.all(effects.map(effect => store.outbox.get(`${caseNumber}:${effect}`)));
  return effects.flatMap((effect, place) => {
    const record = records[place];
    if (!record || record.byPhone === false) return [];
    const { body = '' } = record.content as { body?: string };
    const lines = plainText(body.replace(LINK, ''))
      .split('\n')
      .filter(line => line.trim() !== '');
    return [{ effect, at: momentText(record.createdAt.getTime(), municipality.timeZone), lines }];
  });
}

/** The name of the texts on a page. */
export function seenOf(texts: readonly Pick<Untold, 'effect'>[]): string {
  return texts.map(({ effect }) => effect).join(',');
}

export async function callView(
  deps: CallViewDeps,
  opened: OpenedCase,
  { form, notice, isDone }: { form: Omit<CallForm, 'seen'>; notice: Notice | null; isDone: boolean },
): Promise<CallView> {
  const { store, municipality } = deps;
  const { caseNumber, intake, progress } = opened;
  const subject = { name: 'Konu', value: categoryOf(municipality, intake.category.slug).name.tr };
  const isOpen = !isDone && (progress.call === null || isCallOpen(progress.call.step));
  const texts = isOpen ? await untoldTexts(deps, opened) : [];
  const citizen = texts.length > 0 ? await store.citizens.get(intake.citizenId) : null;
  if (!citizen?.phone) {
    const step = progress.call?.step ?? 'asked';
    const state = isCallOpen(step) ? 'yapılacak bir işlem kalmadı' : callLabels[step];
    return {
      ...{ caseNumber, notice, task: null, title: 'Arama sona erdi' },
      rows: [subject, { name: 'Durum', value: state }],
    };
  }
  const { phone, profileName } = citizen;
  return {
    ...{ caseNumber, notice, title: 'Vatandaşı arayınız' },
    rows: [
      ...(profileName === null
        ? []
        : [{ name: intake.entry ? 'Adı' : 'WhatsApp’taki adı', value: profileName }]),
      { name: 'Telefon', value: `+${phone}`, href: `tel:+${phone}` },
      subject,
    ],
    task: {
      opening: `Merhaba, ${municipality.name} adına arıyorum. ${intake.entry ? 'Bize' : 'WhatsApp hattımıza'} yaptığınız ${caseNumber} numaralı bildirim hakkında bilgi vermek istiyorum.`,
      texts: texts.map(({ at, lines }) => ({ at, lines })),
      form: { ...form, seen: seenOf(texts) },
    },
  };
}
