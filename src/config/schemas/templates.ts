import { z } from 'zod';
import { count, entry, line } from './fields';

/** Meta's limit for a template body with its values (Cloud API, message templates). */
const LONGEST_BODY = 1_024;
/**
 * Meta rejects a template with too many placeholders for its length: it requires more than two words per
 * placeholder.
 */
const WORDS_PER_VALUE = 2;

/** The placeholders of each template, in Meta's numbering order. */
export const templateParams = {
  case_update: ['caseNumber', 'news'],
  case_resolved: ['caseNumber', 'department', 'words'],
  case_decided: ['caseNumber', 'news'],
  case_question: ['caseNumber', 'department', 'words'],
  case_reminder: ['caseNumber', 'date'],
  data_request: ['news'],
} as const;

export type TemplateName = keyof typeof templateParams;

const quickReplies = ['solved', 'partly', 'unsolved', 'object'] as const;

/** A button of a template: a quick reply, or `openCase`, the link to the status page. */
export type TemplateButton = (typeof quickReplies)[number] | 'openCase';

/** Meta wants buttons of one type side by side. */
const isLinkLast = (buttons: readonly TemplateButton[]): boolean =>
  !buttons.slice(0, -1).includes('openCase');

/** A placeholder such as {{caseNumber}}. */
const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

function templateValuesOf(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
}

const lengthOf = (text: string): number => Array.from(text).length;

function bodyOf(expected: readonly string[]) {
  const marks = expected.map(name => `{{${name}}}`).join(', ');
  const leastWords = expected.length * WORDS_PER_VALUE + 1;
  const wordsIn = (text: string): number =>
    text.replace(PLACEHOLDER, ' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return z
    .string()
    .trim()
    .min(1)
    .refine(
      text => String(templateValuesOf(text)) === String(expected),
      `a text with ${marks} once each, in this order`,
    )
    .refine(text => !text.startsWith('{{') && !text.endsWith('}}'), 'a text that begins and ends with words')
    .refine(text => !/\}\}\s*\{\{/.test(text), 'a text with words between its values')
    .refine(text => wordsIn(text) >= leastWords, `a text of at least ${leastWords} words besides its values`)
    .refine(text => !/\t|\n{3}| {5}/.test(text), 'a text without tabs, wide gaps and several empty lines');
}

function template(name: TemplateName) {
  const params: readonly string[] = templateParams[name];
  const value = entry({ longest: count, sample: entry({ tr: line, en: line }) });
  const body = bodyOf(params);
  return entry({
    category: z.literal('UTILITY'),
    parameters: entry(Object.fromEntries(params.map(param => [param, value]))),
    // WhatsApp shows at most three buttons at once; the link comes after the quick replies.
    buttons: z
      .array(z.enum([...quickReplies, 'openCase']))
      .max(3)
      .refine(isLinkLast, 'openCase once, after the quick replies'),
    body: entry({ tr: body, en: body }),
  }).check(context => {
    const { parameters, body: texts } = context.value;
    const values = Object.entries(parameters);
    const room = values.reduce((sum, [, { longest }]) => sum + longest, 0);
    for (const language of ['tr', 'en'] as const) {
      const most = LONGEST_BODY - lengthOf(texts[language].replace(PLACEHOLDER, ''));
      if (room > most) {
        const message = `values that hold at most ${most} characters together beside the text in "${language}"`;
        context.issues.push({ code: 'custom', input: room, path: ['parameters'], message });
      }
      for (const [param, { longest, sample }] of values) {
        if (lengthOf(sample[language]) <= longest) continue;
        const path = ['parameters', param, 'sample', language];
        context.issues.push({
          code: 'custom',
          input: sample[language],
          path,
          message: `at most ${longest} characters`,
        });
      }
    }
  });
}

/** templates.yaml: the messages for outside the 24-hour window, as submitted to Meta. */
export const templatesSchema = entry({
  case_update: template('case_update'),
  case_resolved: template('case_resolved'),
  case_decided: template('case_decided'),
  case_question: template('case_question'),
  case_reminder: template('case_reminder'),
  data_request: template('data_request'),
} satisfies Record<TemplateName, unknown>);

export type Templates = z.infer<typeof templatesSchema>;
