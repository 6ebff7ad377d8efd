import { createInstance } from 'i18next';
import type { Municipality } from './municipality';
import { languages, type Language, type MessageKey, type Texts, type messageParams } from './schemas/texts';

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
