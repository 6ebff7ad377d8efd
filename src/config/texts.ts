import { createInstance } from 'i18next';
import type { Resolution } from '../domain/case/acts';
import type { FeedbackAnswer } from '../domain/case/case';
import type { Municipality } from './municipality';
import { type Language, languages, type MessageKey, type messageParams, type Texts } from './schemas/texts';

export type { Language } from './schemas/texts';

/** The key of a message, button title, stage name or status-page text. */
export type TextKey =
  | MessageKey
  | `buttons.${keyof Texts['buttons']}`
  | `fileProblems.${keyof Texts['fileProblems']}`
  | `stages.${keyof Texts['stages']}`
  | `statusPage.${keyof Texts['statusPage']}`
  | `statusForms.${keyof Texts['statusForms']}`
  | `statusSteps.${keyof Texts['statusSteps']}`
  | `statusOutcomes.${keyof Texts['statusOutcomes']}`;

/** The placeholders of a text. Only messages have any. */
export type TextParams<Key extends TextKey> = Readonly<
  Key extends MessageKey ? Record<(typeof messageParams)[Key][number], string> : Record<never, string>
>;

/**
 * Renders a text in a language as plain text. Does not escape values and does not expand placeholders inside them.
 */
export type Say = <Key extends TextKey>(language: Language, key: Key, params: TextParams<Key>) => string;

/**
 * Creates the renderer of the municipality's texts. Loading has already validated keys and placeholders; a text
 * missing in one language falls back to Turkish.
 */
export function createTexts(municipality: Municipality): Say {
  const { texts, callCentre, officeHours } = municipality;
  const instance = createInstance();
  void instance.init({
    initAsync: false,
    fallbackLng: 'tr',
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: Object.fromEntries(
      languages.map(language => {
        const { messages, rejectionReasons, ...groups } = texts[language];
        return [language, { translation: { ...messages, ...groups } }];
      }),
    ),
  });
  const common = (language: Language): Record<string, string> => ({
    callCentre: callCentre.phone,
    officeHours: officeHours[language],
  });
  return (language, key, params) =>
    instance.t(key, { lng: language, replace: { ...common(language), ...params } });
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
