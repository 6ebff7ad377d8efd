import type { Municipality } from './municipality';
import { languages, type Language } from './schemas/texts';
import { templateParams, type TemplateName } from './schemas/templates';

/** A template as Meta lists it: one name and language, numbered placeholders, quick-reply buttons. */
export interface MessageTemplate {
  name: TemplateName;
  language: Language;
  category: 'UTILITY';
  body: string;
  buttons: { type: 'QUICK_REPLY'; text: string }[];
}

/** The request body that submits a template for approval (`POST /{WABA-ID}/message_templates`). */
export interface TemplateSubmission {
  name: TemplateName;
  language: Language;
  category: 'UTILITY';
  parameter_format: 'POSITIONAL';
  components: (
    | { type: 'BODY'; text: string; example: { body_text: [string[]] } }
    | { type: 'BUTTONS'; buttons: MessageTemplate['buttons'] }
  )[];
}

const names = Object.keys(templateParams) as TemplateName[];

/** Returns the municipality's templates, one entry per name and language. */
export function messageTemplates({ templates, texts }: Municipality): MessageTemplate[] {
  return names.flatMap(name =>
    languages.map(language => {
      const { category, body, buttons } = templates[name];
      return {
        name,
        language,
        category,
        body: numbered(name, body[language]),
        buttons: buttons.map(button => ({
          type: 'QUICK_REPLY' as const,
          text: texts[language].buttons[button],
        })),
      };
    }),
  );
}

/** Returns the same templates with sample values, each a request body for Meta. */
export function templateSubmissions(municipality: Municipality): TemplateSubmission[] {
  return messageTemplates(municipality).map(({ name, language, category, body, buttons }) => {
    const samples = Object.values(municipality.templates[name].parameters).map(
      ({ sample }) => sample[language],
    );
    return {
      name,
      language,
      category,
      parameter_format: 'POSITIONAL',
      components: [
        { type: 'BODY', text: body, example: { body_text: [samples] } },
        ...(buttons.length > 0 ? [{ type: 'BUTTONS' as const, buttons }] : []),
      ],
    };
  });
}

/** Replaces our named placeholders with Meta's numbered ones. */
function numbered(name: TemplateName, body: string): string {
  const params: readonly string[] = templateParams[name];
  return params.reduce(
    (text, param, place) => text.replace(new RegExp(`\\{\\{\\s*${param}\\s*\\}\\}`), `{{${place + 1}}}`),
    body,
  );
}
