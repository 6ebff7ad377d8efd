import type { Language, Say, TextKey } from '../config/texts';
import { ratings } from '../domain/talk/taps';
import { type CitizenAct, type Hindrance, LONGEST_ADDITION } from './status-act';
import type { Notice } from './task/act-notices';

/** A form that was not carried out and is shown again. */
export interface StatusAttempt {
  act: CitizenAct | null;
  why: Hindrance | 'damaged';
  words: string;
  /** Set if the same form may be sent again. */
  nonce: string | undefined;
}

/** A form of the status page. */
export interface StatusForm {
  act: CitizenAct;
  title: string;
  hint: string | null;
  error: string | null;
  nonce: string;
  words: { label: string; limit: number; typed: string } | null;
  photos: { label: string; hint: string } | null;
  buttons: { name: string | null; value: string; title: string }[];
}

export interface StatusFormsInput {
  legal: readonly CitizenAct[];
  newNonce: () => string;
  attempt: StatusAttempt | null;
  /** Whether a form was just carried out. */
  done: boolean;
}

/** What an addition is: the answer to a question, the reasons of a low rating, or anything else. */
export type AdditionKind = 'reply' | 'missed' | 'add';

/** Returns the forms of the possible acts, each with its own nonce. */
export function statusForms(
  say: Say,
  language: Language,
  addition: AdditionKind,
  { legal, newNonce, attempt }: StatusFormsInput,
): StatusForm[] {
  const text = (key: Extract<TextKey, `statusForms.${string}` | `buttons.${string}`>): string =>
    say(language, key, {});
  const send = [{ name: null, value: '', title: text('statusForms.send') }];
  const wordsOf = (act: CitizenAct, label: string): StatusForm['words'] => ({
    label,
    limit: LONGEST_ADDITION,
    typed: attempt?.act === act ? attempt.words : '',
  });

  function formOf(act: CitizenAct): Omit<StatusForm, 'act' | 'error' | 'nonce'> {
    const none = { hint: null, words: null, photos: null };
    switch (act) {
      case 'add':
        return {
          title: text(`statusForms.${addition}`),
          hint: null,
          words: wordsOf(act, text('statusForms.words')),
          photos: { label: text('statusForms.photos'), hint: text('statusForms.photosHint') },
          buttons: send,
        };
      case 'survey':
        return {
          ...none,
          title: text('statusForms.survey'),
          buttons: (['solved', 'partly', 'unsolved'] as const).map(answer => ({
            name: 'answer',
            value: answer,
            title: text(`buttons.${answer}`),
          })),
        };
      case 'object':
        return {
          title: text('statusForms.object'),
          hint: text('statusForms.objectHint'),
          words: wordsOf(act, text('statusForms.reason')),
          photos: null,
          buttons: [{ name: null, value: '', title: text('buttons.object') }],
        };
      case 'rate':
        return {
          ...none,
          title: text('statusForms.rate'),
          buttons: ratings.map(rating => ({
            name: 'rating',
            value: String(rating),
            title: text(`buttons.rating${rating}`),
          })),
        };
    }
  }

  return legal.map(act => ({
    act,
    ...formOf(act),
    error: attempt?.act === act ? text(`statusForms.${attempt.why}`) : null,
    nonce: (attempt?.act === act ? attempt.nonce : undefined) ?? newNonce(),
  }));
}

/**
 * Returns the notice at the top of the page: a form was carried out, or a form that the page no longer shows
 * was refused.
 */
export function statusNotice(
  say: Say,
  language: Language,
  { legal, attempt, done }: StatusFormsInput,
): Notice | null {
  if (done) {
    return {
      tone: 'good',
      title: say(language, 'statusForms.doneTitle', {}),
      text: say(language, 'statusForms.done', {}),
    };
  }
  if (!attempt || (attempt.act !== null && legal.includes(attempt.act))) return null;
  return {
    tone: 'alarm',
    title: say(language, 'statusForms.notDone', {}),
    text: say(language, `statusForms.${attempt.why}`, {}),
    ...(attempt.words !== '' && {
      typed: attempt.words,
      typedLabel: say(language, 'statusForms.typed', {}),
    }),
  };
}
