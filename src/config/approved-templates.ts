import type { Municipality } from './municipality';
import { languages, type Language } from './schemas/texts';
import { templateParams, type TemplateName } from './schemas/templates';

type MetaButton =
  | { type: 'QUICK_REPLY'; text: string }
  /** Opens a page whose address ends with the value {{1}} of the message. */
  | { type: 'URL'; text: string; url: string };

/** A template as Meta lists it: one name and language, numbered placeholders, buttons. */
export interface MessageTemplate {
  name: TemplateName;
  language: Language;
  category: 'UTILITY';
  body: string;
  buttons: MetaButton[];
}

/** The request body that submits a template for approval (`POST /{WABA-ID}/message_templates`). */
export interface TemplateSubmission {
  name: TemplateName;
  language: Language;
  category: 'UTILITY';
  parameter_format: 'POSITIONAL';
  components: (
    | { type: 'BODY'; text: string; example: { body_text: [string[]] } }
    | { type: 'BUTTONS'; buttons: (MetaButton & { example?: [string] })[] }
  )[];
}

const names = Object.keys(templateParams) as TemplateName[];

/**
 * Returns the municipality's templates, one entry per name and language. `statusPage` is the address of a status page
 * with {{1}} for its token.
 */
export function messageTemplates({ templates, texts }: Municipality, statusPage: string): MessageTemplate[] {
  return names.flatMap(name =>
    languages.map(language => {
      const { category, body, buttons } = templates[name];
      return {
        name,
        language,
        category,
        body: numbered(name, body[language]),
        buttons: buttons.map((button): MetaButton => {
          const text = texts[language].buttons[button];
          return button === 'openCase'
            ? { type: 'URL', text, url: statusPage }
            : { type: 'QUICK_REPLY', text };
        }),
      };
    }),
  );
}

/** A token of the usual length, as a sample of the value in the link. */
const SAMPLE_TOKEN = 'k1.Zx3fPq8LwVt0YbN5rJdS2A.Hc7uKm4GeXo9TiQ1aWvB6g';

/** Returns the same templates with sample values, each a request body for Meta. */
export function templateSubmissions(municipality: Municipality, statusPage: string): TemplateSubmission[] {
  return messageTemplates(municipality, statusPage).map(({ name, language, category, body, buttons }) => {
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
        ...(buttons.length > 0 ? [{ type: 'BUTTONS' as const, buttons: buttons.map(withExample) }] : []),
      ],
    };
  });
}

function withExample(button: MetaButton): MetaButton & { example?: [string] } {
  return button.type === 'URL' ? { ...button, example: [button.url.replace('{{1}}', SAMPLE_TOKEN)] } : button;
}

/** Replaces our named placeholders with Meta's numbered ones. */
function numbered(name: TemplateName, body: string): string {
  const params: readonly string[] = templateParams[name];
  return params.reduce(
    (text, param, place) => text.replace(new RegExp(`\\{\\{\\s*${param}\\s*\\}\\}`), `{{${place + 1}}}`),
    body,
  );
}
