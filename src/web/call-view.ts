import type { Municipality } from '../config/municipality';
import { categoryOf } from '../config/offices';
import { callLabels } from '../domain/case/case-labels';
import { type CallResult, isCallOpen } from '../domain/case/citizen-call';
import { plainText } from '../domain/plain-text';
import { momentText } from '../mail/case-text';
import type { OpenedCase } from '../store/case-records';
import type { Store } from '../store/store';
import type { CallWish } from '../store/task-records';
import { untoldEffects } from '../whatsapp/case-talk';
import type { Notice } from './task/act-notices';

/** The page of a call. After the end of the call it shows neither the citizen nor the texts. */
export interface CallView {
  /** Null for a citizen without an open case. */
  caseNumber: string | null;
  title: string;
  notice: Notice | null;
  rows: { name: string; value: string; href?: string }[];
  /** What a citizen wrote who wants to speak to somebody; empty for other calls. */
  said: { at: string; lines: string[] }[];
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
  store: Pick<Store, 'cases' | 'citizens' | 'outbox' | 'messages'>;
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
      ...{ caseNumber, notice, said: [], task: null, title: 'Arama sona erdi' },
      rows: [subject, { name: 'Durum', value: state }],
    };
  }
  const { phone, profileName } = citizen;
  return {
    ...{ caseNumber, notice, said: [], title: 'Vatandaşı arayınız' },
    rows: [...callerRows(profileName, phone, intake.entry ? 'Adı' : undefined), subject],
    task: {
      opening: `Merhaba, ${municipality.name} adına arıyorum. ${intake.entry ? 'Bize' : 'WhatsApp hattımıza'} yaptığınız ${caseNumber} numaralı bildirim hakkında bilgi vermek istiyorum.`,
      texts: texts.map(({ at, lines }) => ({ at, lines })),
      form: { ...form, seen: seenOf(texts) },
    },
  };
}

function callerRows(
  name: string | null,
  phone: string | null,
  title = 'WhatsApp’taki adı',
): CallView['rows'] {
  return [
    ...(name === null ? [] : [{ name: title, value: name }]),
    phone === null
      ? { name: 'Telefon', value: 'WhatsApp numarayı gizliyor; vatandaşın araması beklenir' }
      : { name: 'Telefon', value: `+${phone}`, href: `tel:+${phone}` },
  ];
}

/** The page of a citizen who wants to speak to somebody. Null once the citizen is erased. */
export async function wishView(
  { store, municipality }: CallViewDeps,
  { citizenId, messageIds }: CallWish,
): Promise<CallView | null> {
  const [citizen, messages] = await Promise.all([
    store.citizens.get(citizenId),
    store.messages.shown(messageIds),
  ]);
  if (!citizen) return null;
  return {
    ...{ caseNumber: null, title: 'Vatandaş görüşmek istiyor', notice: null, task: null },
    rows: callerRows(citizen.profileName, citizen.phone),
    said: messages.flatMap(({ words, sentAt }) =>
      words === null
        ? []
        : [{ at: momentText(sentAt.getTime(), municipality.timeZone), lines: plainText(words).split('\n') }],
    ),
  };
}
