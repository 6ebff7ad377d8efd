import type { Municipality } from './municipality';
import { languages, type Language } from './schemas/texts';
import { templateParams, type TemplateName } from './schemas/templates';

/** A template as Meta lists it: named, in one language, with numbered values and its quick-reply buttons. */
export interface MessageTemplate {
  name: TemplateName;
  language: Language;
  category: 'UTILITY';
  body: string;
  buttons: { type: 'QUICK_REPLY'; text: string }[];
}

/** A template as Meta's Business Management API takes it for approval (`POST /{WABA-ID}/message_templates`). */
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

/** The municipality's templates in every language. */
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

/** The same templates with their samples, each ready to be posted to Meta. */
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

/** Meta numbers the values of a template, the files name them. */
function numbered(name: TemplateName, body: string): string {
  const params: readonly string[] = templateParams[name];
  return params.reduce(
    (text, param, place) => text.replace(new RegExp(`\\{\\{\\s*${param}\\s*\\}\\}`), `{{${place + 1}}}`),
    body,
  );
}
