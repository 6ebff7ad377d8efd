import type { Municipality } from '../src/config/municipality';
import { templateParams, type TemplateName } from '../src/config/schemas/templates';
import type { Language } from '../src/config/texts';
import { feedbackButtonId } from '../src/domain/identifiers';
import type { TemplateContent } from '../src/whatsapp/outgoing';
import { clamped } from '../src/whatsapp/plain-words';

/** What templates can be filled with; each takes what it needs. */
export type TemplateValues = Record<(typeof templateParams)[TemplateName][number], string>;

/**
 * A template of the municipality about a case, filled in: each value at most as long as the configuration says, and
 * the quick replies with the ids of the buttons that are sent inside the window.
 */
export function filledTemplate(
  { templates }: Municipality,
  name: TemplateName,
  language: Language,
  values: TemplateValues,
): TemplateContent {
  const { parameters, buttons } = templates[name];
  return {
    type: 'template',
    name,
    language,
    parameters: templateParams[name].map(param => clamped(values[param], parameters[param]?.longest ?? 0)),
    replyIds: buttons.map(answer => feedbackButtonId(values.caseNumber, answer)),
  };
}
