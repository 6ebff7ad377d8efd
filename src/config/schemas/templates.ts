import { z } from 'zod';
import { entry } from './fields';

/** Meta's limit for the text of a template (Cloud API, message templates). */
const LONGEST_BODY = 1024;

/** Which numbered values each template is filled with, in their order. */
export const templateParams = {
  case_update: ['caseNumber', 'news'],
  case_resolved: ['caseNumber', 'department', 'words'],
} as const;

export type TemplateName = keyof typeof templateParams;

function template(name: TemplateName) {
  const expected = templateParams[name].map((_, place) => `{{${place + 1}}}`);
  const body = z
    .string()
    .trim()
    .min(1)
    .max(LONGEST_BODY)
    .refine(
      text => String([...text.matchAll(/\{\{.*?\}\}/g)].map(([mark]) => mark)) === String(expected),
      `a text with ${expected.join(', ')} once each, in this order`,
    )
    // Meta refuses a template that begins or ends with a value.
    .refine(text => !text.startsWith('{{') && !text.endsWith('}}'), 'a text that begins and ends with words');
  return entry({ tr: body, en: body });
}

/** templates.yaml: what may be said outside the 24-hour window, as submitted to Meta. */
export const templatesSchema = entry({
  case_update: template('case_update'),
  case_resolved: template('case_resolved'),
});

export type Templates = z.infer<typeof templatesSchema>;
