import type { Municipality } from '../../config/municipality';
import type { CaseFact } from '../../domain/case/case-events';
import {
  awaitedLabels,
  type Awaited,
  type HandOffAnswer,
  handOffAnswers,
  handOffLabels,
  type HandOffSide,
} from '../../domain/case/hand-off';
import { plainText } from '../../domain/plain-text';
import { notFound } from '../../errors';
import { momentText } from '../../mail/case-text';
import { matterRows, passedMatter, readyText } from '../../mail/passed-matter';
import type { LetterRow } from '../../mail/letters/letter-frame';
import type { TaskLinks } from '../../mail/task-link';
import type { OpenedCase } from '../../store/case-records';
import type { Store } from '../../store/store';
import type { HandOffLink } from '../../store/task-records';
import type { Notice } from '../task/act-notices';

/** The page of a hand-off. After its end it shows the history only. */
export interface HandOffView {
  caseNumber: string;
  title: string;
  notice: Notice | null;
  /** The reader, as named in the letter. */
  holder: string;
  rows: LetterRow[];
  /** Null after the end. */
  task: {
    heading: string;
    words: string[];
    photoIds: readonly string[];
    /** The messages whose words and photos our desk can hide before it passes the matter on. */
    coverable: readonly string[];
    /** The text to pass on, for our desk only. */
    ready: string | null;
    form: HandOffForm;
  } | null;
  history: { at: string; title: string; lines: string[] }[];
}

interface HandOffForm {
  nonce: string;
  answers: { answer: HandOffAnswer; label: string }[];
  answer: HandOffAnswer | null;
  words: string;
  hint: string;
  errors: { answer?: string; words?: string };
}

/** What the form was filled with. */
export type TypedForm = Omit<HandOffForm, 'answers' | 'hint'>;

export interface HandOffViewDeps {
  store: Pick<Store, 'cases' | 'messages' | 'citizens' | 'tasks'>;
  municipality: Municipality;
}

interface HandOffDoorDeps {
  store: Pick<Store, 'cases' | 'handOffLinks'>;
  links: Pick<TaskLinks, 'hashOf'>;
  now: () => Date;
}

/** A hand-off with its case. */
export interface OpenedHandOff extends OpenedCase {
  link: HandOffLink;
}

const labels: Readonly<Record<HandOffSide, Partial<Record<HandOffAnswer, string>>>> = {
  institution: {
    taken: 'İşleme aldık',
    done: 'Sonuçlandırdık',
    notOurs: 'Bu konu görev alanımızda değil',
    question: 'Belediyeye bir sorumuz var',
  },
  desk: {
    passedOn: 'Kuruma ilettim',
    notPassedOn: 'Kuruma iletilemiyor',
    reply: 'Kurumun sorusunu yanıtlıyorum',
    taken: 'Kurum işleme aldığını bildirdi',
    done: 'Kurum sonuçlandırdığını bildirdi',
    notOurs: 'Kurum görevli olmadığını bildirdi',
  },
};

const INSTITUTION_HINT =
  'Sonuç, görev alanı dışı ve soru için gereklidir. Sorunuzu belediye yanıtlar; diğer açıklamalar vatandaşa aktarılır.';

const deskHints: Readonly<Record<Awaited, string>> = {
  passing: 'Varsa başvuru numarasını yazınız; iletildiği bildirilirken vatandaşa aktarılır.',
  answer: 'Kurumun sonucu veya görevli olmadığı için gereklidir; vatandaşa aktarılır.',
  reply: 'Yanıtınız kuruma gider; kurumun açıklaması vatandaşa aktarılır.',
};

const titles: Readonly<Record<Awaited, string>> = {
  passing: 'Kuruma iletilecek bildirim',
  answer: 'Kurumun yanıtı bekleniyor',
  reply: 'Kurumun sorusu var',
};

/** Returns the hand-off of a link. Rejects with `not-found` if the link is invalid, whatever the reason. */
export async function openHandOff(
  { store, links, now }: HandOffDoorDeps,
  token: string,
): Promise<OpenedHandOff> {
  const tokenHash = links.hashOf(token, 'handOff');
  const link = tokenHash === null ? null : await store.handOffLinks.get(tokenHash);
  const record = link && link.expiresAt > now() ? await store.cases.get(link.caseNumber) : null;
  if (!link || !record?.progress) throw notFound();
  const { caseNumber, intake, progress } = record;
  return { link, caseNumber, intake, progress };
}

/** Returns what the hand-off of a link waits for; null after its end. */
export function awaitedBy({ link, progress: { handOff } }: OpenedHandOff): Awaited | null {
  return handOff?.number === link.number ? handOff.awaits : null;
}

export async function handOffView(
  deps: HandOffViewDeps,
  opened: OpenedHandOff,
  { form, notice }: { form: TypedForm; notice: Notice | null },
): Promise<HandOffView> {
  const { municipality } = deps;
  const { caseNumber, link } = opened;
  const { side } = link;
  const awaits = awaitedBy(opened);
  const common = {
    ...{ caseNumber, notice, holder: link.recipient.name },
    history: await historyOf(deps, opened),
  };
  const institution = municipality.institutions[link.institution];
  const answers = handOffAnswers(awaits, side);
  if (!institution || awaits === null || answers.length === 0) {
    return { ...common, title: 'Yapılacak işlem yok', rows: [], task: null };
  }
  const matter = await passedMatter(deps, opened, link.institution);
  const { phone, website } = institution;
  const isOurs = side === 'desk';
  return {
    ...common,
    title: isOurs ? titles[awaits] : 'Görev alanınızdaki bildirim',
    rows: [
      ...(isOurs
        ? [
            { name: 'Kurum', value: matter.institution },
            { name: 'Kurumun telefonu', value: phone, url: `tel:${phone.replace(/[^\d+]/g, '')}` },
            ...(website === undefined ? [] : [{ name: 'Kurumun sitesi', value: website, url: website }]),
          ]
        : []),
      ...matterRows(matter),
      ...(isOurs && awaits === 'reply' ? await citizenRows(deps, opened) : []),
    ],
    task: {
      heading: isOurs ? awaitedLabels[awaits] : 'Yanıtınız',
      words: matter.words.flatMap(words => plainText(words).split('\n')),
      photoIds: matter.photoIds,
      coverable: isOurs ? matter.messageIds : [],
      ready: isOurs && awaits === 'passing' ? readyText(matter, municipality.name) : null,
      form: {
        ...form,
        hint: isOurs ? deskHints[awaits] : INSTITUTION_HINT,
        answers: answers.map(answer => ({ answer, label: labels[side][answer] ?? answer })),
      },
    },
  };
}

/** Our desk may have to ask the citizen before it can reply. */
async function citizenRows({ store }: HandOffViewDeps, { intake }: OpenedCase): Promise<LetterRow[]> {
  const phone = (await store.citizens.get(intake.citizenId))?.phone;
  return phone ? [{ name: 'Vatandaşın telefonu', value: `+${phone}`, url: `tel:+${phone}` }] : [];
}

/** Returns the steps of this hand-off with what both sides wrote. */
async function historyOf(
  { store, municipality }: HandOffViewDeps,
  { caseNumber, progress, link }: OpenedHandOff,
): Promise<HandOffView['history']> {
  const facts = await store.cases.facts(caseNumber, progress.revision);
  const own = facts.filter(
    (fact): fact is Extract<CaseFact, { type: 'handOff' }> =>
      fact.type === 'handOff' && fact.number === link.number,
  );
  return Promise.all(
    own.map(async fact => {
      const action = fact.actionId === undefined ? null : await store.tasks.action(fact.actionId);
      const words = action?.words ?? null;
      return {
        at: momentText(fact.at, municipality.timeZone),
        title: capitalised(handOffLabels[fact.step]),
        lines: words === null ? [] : plainText(words).split('\n'),
      };
    }),
  );
}

function capitalised(label: string): string {
  return label.charAt(0).toLocaleUpperCase('tr') + label.slice(1);
}
