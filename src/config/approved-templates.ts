import type { Municipality } from './municipality';
import { languages } from './schemas/texts';
import { templateParams, type TemplateName } from './schemas/templates';

/** A template as Meta lists it: named, in one language, with its quick-reply buttons. */
export interface MessageTemplate {
  name: TemplateName;
  language: string;
  category: 'UTILITY';
  body: string;
  buttons: { type: 'QUICK_REPLY'; text: string }[];
}

/** The municipality's templates in every language, as they are submitted to Meta for approval. */
export function messageTemplates({ templates, texts }: Municipality): MessageTemplate[] {
  return (Object.keys(templateParams) as TemplateName[]).flatMap(name =>
    languages.map(language => {
      const { solved, partly, unsolved } = texts[language].buttons;
      const replies = name === 'case_resolved' ? [solved, partly, unsolved] : [];
      const buttons = replies.map(text => ({ type: 'QUICK_REPLY' as const, text }));
      return { name, language, category: 'UTILITY' as const, body: templates[name][language], buttons };
    }),
  );
}
