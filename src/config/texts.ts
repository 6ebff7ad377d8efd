import { createHash } from 'node:crypto';
import { createInstance } from 'i18next';
import { DateTime } from 'luxon';
import type { Resolution } from '../domain/case/acts';
import type { FeedbackAnswer, PlannedTime } from '../domain/case/case';
import type { Municipality } from './municipality';
import type { Category } from './schemas/categories';
import { noticeParts } from './schemas/privacy';
import { type Language, languages, type MessageKey, type messageParams, type Texts } from './schemas/texts';

export type { Language } from './schemas/texts';

/** The key of a message, button title, stage name or status-page text. */
export type TextKey =
  | MessageKey
  | `buttons.${keyof Texts['buttons']}`
  | `fileProblems.${keyof Texts['fileProblems']}`
  | `stages.${keyof Texts['stages']}`
  | `homePage.${keyof Texts['homePage']}`
  | `noticePage.${keyof Texts['noticePage']}`
  | `statusPage.${keyof Texts['statusPage']}`
  | `statusForms.${keyof Texts['statusForms']}`
  | `statusSteps.${keyof Texts['statusSteps']}`
  | `handOffSteps.${keyof Texts['handOffSteps']}`
  | `statusOutcomes.${keyof Texts['statusOutcomes']}`
  | QuestionKey;

/** The key of the answer to a small question; its slug comes from questions.yaml. */
type QuestionKey = `questions.${string}`;

/** The placeholders of a text. Only messages have any. */
export type TextParams<Key extends TextKey> = Readonly<
  Key extends MessageKey ? Record<(typeof messageParams)[Key][number], string> : Record<never, string>
>;

/**
 * Renders a text in a language as plain text. Does not escape values and does not expand placeholders inside them.
 */
export type Say = <Key extends TextKey>(language: Language, key: Key, params: TextParams<Key>) => string;

/** The page of the privacy notice in each language. */
export const noticePaths: Readonly<Record<Language, string>> = { tr: 'aydinlatma', en: 'en/privacy' };

/**
 * Creates the renderer of the municipality's texts. Loading has already validated keys and placeholders; a text
 * missing in one language falls back to Turkish. Links to the line's own pages start with `publicBaseUrl`.
 */
export function createTexts(municipality: Municipality, publicBaseUrl = ''): Say {
  const { texts, questions, callCentre, officeHours, linePhone, website } = municipality;
  const instance = createInstance();
  void instance.init({
    initAsync: false,
    fallbackLng: 'tr',
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: Object.fromEntries(
      languages.map(language => {
        const { messages, rejectionReasons, ...groups } = texts[language];
        const answers = Object.entries(questions).map(([slug, { answer }]) => [slug, answer[language]]);
        const translation = { ...messages, ...groups, questions: Object.fromEntries(answers) as object };
        return [language, { translation }];
      }),
    ),
  });
  const common = (language: Language): Record<string, string> => ({
    callCentre: callCentre.phone,
    officeHours: officeHours[language],
    linePhone,
    website,
    privacyNoticeUrl: `${publicBaseUrl}/${noticePaths[language]}`,
  });
  return (language, key, params) =>
    instance.t(key, { lng: language, replace: { ...common(language), ...params } });
}

/** One part of the privacy notice, with its lines in one language. */
interface NoticePart {
  part: (typeof noticeParts)[number];
  lines: readonly string[];
}

/** Returns the privacy notice (Law 6698, article 10) in a language, with the days of retention.yaml filled in. */
export function privacyNotice(
  { privacy, retention: { families } }: Pick<Municipality, 'privacy' | 'retention'>,
  language: Language,
): NoticePart[] {
  const days: Readonly<Record<string, { days: number } | undefined>> = families;
  return noticeParts.map(part => ({
    part,
    lines: privacy.processing[part][language].map(text =>
      text.replace(/\{\{(\w+)\}\}/g, (whole, family: string) => String(days[family]?.days ?? whole)),
    ),
  }));
}

/** Returns the version of the privacy notice: eight hex digits that change with any word of it. */
export function noticeVersion(municipality: Pick<Municipality, 'privacy' | 'retention'>): string {
  const texts = languages.map(language => privacyNotice(municipality, language));
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 8);
}

const answers = ['solved', 'partly', 'unsolved'] as const satisfies readonly FeedbackAnswer[];

/** Outcomes with a survey. Planned work is surveyed when it is done. */
type WorkDone = Exclude<Resolution, 'planned'>;

interface SurveyMessage {
  body: string;
  buttons: { answer: FeedbackAnswer; title: string }[];
}

/** Returns the outcome message with the survey buttons. The task page previews the same text. */
export function resolvedMessage(
  say: Say,
  language: Language,
  result: TextParams<WorkDone>,
  outcome: WorkDone = 'resolved',
): SurveyMessage {
  return surveyMessage(say, language, say(language, outcome, result));
}

/** Appends the survey question and its buttons to a text. */
export function surveyMessage(say: Say, language: Language, words: string): SurveyMessage {
  return {
    body: [words, say(language, 'askSolved', {})].join('\n\n'),
    buttons: answers.map(answer => ({ answer, title: say(language, `buttons.${answer}`, {}) })),
  };
}

/** Work promised for a day is due at the end of the office day. */
const END_OF_DAY = { hour: 17 };
const SEASON_MONTHS = 3;
const seasons = ['plannedWinter', 'plannedSpring', 'plannedSummer', 'plannedAutumn'] as const;

/** Returns the first month of a season. Winter of a year begins in its December. */
function seasonStart(day: DateTime): DateTime {
  return day.startOf('month').minus({ months: day.month % SEASON_MONTHS });
}

/** Returns the promised day, or the month or season that contains it. `day` is epoch ms UTC. */
export function plannedTimeOf(
  day: number,
  precision: PlannedTime['precision'],
  timeZone: string,
): PlannedTime {
  const at = DateTime.fromMillis(day, { zone: timeZone });
  const last = {
    day: () => at,
    month: () => at.endOf('month'),
    season: () =>
      seasonStart(at)
        .plus({ months: SEASON_MONTHS - 1 })
        .endOf('month'),
  }[precision]();
  return { by: last.startOf('day').set(END_OF_DAY).toMillis(), precision };
}

/** Returns the promised period as text: "15 Mart 2027", "Mart 2027", "2027 ilkbaharı". */
export function plannedText(
  { municipality: { timeZone }, say }: { municipality: Pick<Municipality, 'timeZone'>; say: Say },
  language: Language,
  { by, precision }: PlannedTime,
): string {
  const at = DateTime.fromMillis(by, { zone: timeZone, locale: language });
  switch (precision) {
    case 'day':
      return at.toFormat('d LLLL yyyy');
    case 'month':
      return at.toFormat('LLLL yyyy');
    case 'season': {
      const first = seasonStart(at).year;
      const year = first === at.year ? String(first) : `${first}–${at.year}`;
      return say(language, seasons[Math.floor((at.month % 12) / SEASON_MONTHS)] ?? seasons[0], { year });
    }
  }
}

/** Formats a date for citizens in the municipality's time zone, "25 Kasım 2026". */
export function townDay(
  { timeZone }: Pick<Municipality, 'timeZone'>,
  language: Language,
  at: number,
): string {
  return DateTime.fromMillis(at, { zone: timeZone, locale: language }).toFormat('d LLLL yyyy');
}

/** Returns the season of a subject (slug) that `at` (epoch ms UTC) lies in; null outside of it. */
export function seasonOf(
  { categories, timeZone }: Pick<Municipality, 'categories' | 'timeZone'>,
  subject: string,
  at: number,
): NonNullable<Category['season']> | null {
  const season = categories.find(({ slug }) => slug === subject)?.season;
  if (!season) return null;
  const day = DateTime.fromMillis(at, { zone: timeZone }).toFormat('MM-dd');
  const { from, to } = season;
  const isNow = from <= to ? from <= day && day <= to : day >= from || day <= to;
  return isNow ? season : null;
}
