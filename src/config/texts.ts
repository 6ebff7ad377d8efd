import { createInstance } from 'i18next';
import type { Resolution } from '../domain/case/acts';
import type { FeedbackAnswer } from '../domain/case/case';
import type { Municipality } from './municipality';
import { type Language, languages, type MessageKey, type messageParams, type Texts } from './schemas/texts';

export type { Language } from './schemas/texts';

/** A message, a button's title, the name of a stage, or words of the status page. */
export type TextKey =
  | MessageKey
  | `buttons.${keyof Texts['buttons']}`
  | `stages.${keyof Texts['stages']}`
  | `statusPage.${keyof Texts['statusPage']}`
  | `statusSteps.${keyof Texts['statusSteps']}`
  | `statusOutcomes.${keyof Texts['statusOutcomes']}`;

/** What a text is filled with: the named values of a message, nothing for the rest. */
export type TextParams<Key extends TextKey> = Readonly<
  Key extends MessageKey ? Record<(typeof messageParams)[Key][number], string> : Record<never, string>
>;

/** A text in the citizen's language, filled in as plain text: nothing is escaped, nothing in a value is expanded. */
export type Say = <Key extends TextKey>(language: Language, key: Key, params: TextParams<Key>) => string;

/**
 * The municipality's words to citizens. Keys and placeholders were checked when the files were loaded; what is
 * missing in a language would be said in Turkish.
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

interface SurveyMessage {
  body: string;
  buttons: { answer: FeedbackAnswer; title: string }[];
}

/** The message that tells a citizen the result and asks about it: as it is sent, and as the department previews it. */
export function resolvedMessage(
  say: Say,
  language: Language,
  result: TextParams<Resolution>,
  outcome: Resolution = 'resolved',
): SurveyMessage {
  return surveyMessage(say, language, say(language, outcome, result));
}

/** Words about a result with the question whether the citizen is content with it. */
export function surveyMessage(say: Say, language: Language, words: string): SurveyMessage {
  return {
    body: [words, say(language, 'askSolved', {})].join('\n\n'),
    buttons: answers.map(answer => ({ answer, title: say(language, `buttons.${answer}`, {}) })),
  };
}
