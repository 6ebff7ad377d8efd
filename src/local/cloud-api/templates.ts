import { z } from 'zod';
import { graphError, invalidParameter, type GraphError } from './graph-errors';
import { lengthOf } from './limits';
import type { TemplateSend } from './message-body';

/** An approved template: the part of Meta's template object that sending needs. */
export const approvedTemplate = z.object({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/),
  language: z.string().min(2),
  category: z.enum(['UTILITY', 'MARKETING', 'AUTHENTICATION']).default('UTILITY'),
  /** Meta pauses a template after complaints, and finally disables it. */
  status: z.enum(['APPROVED', 'PAUSED', 'DISABLED']).optional(),
  header: z
    .object({ format: z.enum(['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT']), text: z.string().max(60).optional() })
    .optional(),
  body: z.string().min(1).max(1024),
  footer: z.string().max(60).optional(),
  buttons: z
    .array(
      z.object({
        type: z.enum(['QUICK_REPLY', 'URL', 'PHONE_NUMBER']),
        text: z.string().min(1).max(25),
        url: z
          .string()
          .max(2_000)
          .regex(/^https?:\/\/[^\s{}]+(\{\{1\}\})?$/, 'an address with at most one value, at its end')
          .optional(),
      }),
    )
    .max(10)
    .refine(buttons => buttons.filter(({ type }) => type === 'URL').length <= 2, 'at most two links')
    .refine(areGrouped, 'buttons of one type side by side')
    .default([]),
});

/** Whether quick replies and other buttons do not alternate. */
function areGrouped(buttons: readonly { type: string }[]): boolean {
  const changes = buttons.filter(
    ({ type }, i) => i > 0 && (type === 'QUICK_REPLY') !== (buttons[i - 1]?.type === 'QUICK_REPLY'),
  );
  return changes.length <= 1;
}

export type ApprovedTemplate = z.infer<typeof approvedTemplate>;

/** The template that every new account has. */
export const helloWorld: ApprovedTemplate = {
  name: 'hello_world',
  language: 'en_US',
  category: 'UTILITY',
  header: { format: 'TEXT', text: 'Hello World' },
  body: 'Welcome and congratulations!! This message demonstrates your ability to send a WhatsApp message notification.',
  buttons: [],
};

type Component = NonNullable<TemplateSend['components']>[number];
type Parameter = NonNullable<Component['parameters']>[number];

const placeholders = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(match => match[1] ?? '')),
];

const componentOf = (send: TemplateSend, type: string): Component | undefined =>
  send.components?.find(component => component.type.toLowerCase() === type);

function textParametersError(
  part: string,
  text: string,
  given: readonly Parameter[],
): GraphError | undefined {
  const expected = placeholders(text);
  if (given.length !== expected.length) {
    return graphError(
      132000,
      `${part}: number of localizable_params (${given.length}) does not match the expected number of params (${expected.length})`,
    );
  }
  const named = expected.some(name => !/^\d+$/.test(name));
  for (const parameter of given) {
    if (named && !expected.includes(parameter.parameter_name ?? '')) {
      return invalidParameter('Parameter name is missing or empty');
    }
    if (parameter.type !== 'text') continue;
    if ((parameter.text ?? '') === '') {
      return graphError(131008, `${part}: Parameter of type text is missing text value`);
    }
    if (/[\n\t]| {5,}/.test(parameter.text ?? '')) {
      return graphError(
        132012,
        'Param text cannot have new-line/tab characters or more than 4 consecutive spaces',
      );
    }
  }
  return undefined;
}

function fill(text: string, given: readonly Parameter[]): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const byName = given.find(parameter => parameter.parameter_name === name);
    return (byName ?? given[Number(name) - 1])?.text ?? '';
  });
}

function headerError(template: ApprovedTemplate, send: TemplateSend): GraphError | undefined {
  const given = componentOf(send, 'header')?.parameters ?? [];
  const header = template.header;
  if (header === undefined || header.format === 'TEXT') {
    return textParametersError('header', header?.text ?? '', given);
  }
  const wanted = header.format.toLowerCase();
  return given[0]?.type.toLowerCase() === wanted
    ? undefined
    : graphError(
        132012,
        `header: Format mismatch, expected ${header.format}, received ${(given[0]?.type ?? 'unknown').toUpperCase()}`,
      );
}

function buttonsError(template: ApprovedTemplate, send: TemplateSend): GraphError | undefined {
  const given = (send.components ?? []).filter(component => component.type.toLowerCase() === 'button');
  for (const [index, button] of template.buttons.entries()) {
    const component = given.find(each => Number(each.index) === index);
    const parameters = component?.parameters ?? [];
    if (component && component.sub_type?.toLowerCase() !== button.type.toLowerCase()) {
      return graphError(132012, `buttons: Button at index ${index} is of type ${button.type}`);
    }
    if (button.type !== 'URL') continue;
    const wanted = placeholders(button.url ?? '').length;
    if (wanted > 0 && (parameters[0]?.text ?? '') === '') {
      return graphError(131008, `buttons: Button at index ${index} of type Url requires a parameter`);
    }
    if (parameters.length > wanted) {
      return graphError(
        132000,
        `buttons: number of localizable_params (${parameters.length}) does not match the expected number of params (${wanted})`,
      );
    }
  }
  return given.some(component => template.buttons[Number(component.index)] === undefined)
    ? graphError(132000, 'buttons: component index is not one of the template')
    : undefined;
}

export interface RenderedTemplate {
  category: 'utility' | 'marketing' | 'authentication';
  header?: string;
  body: string;
  footer?: string;
  /** Quick replies contain the payload that a tap returns. */
  buttons: {
    type: ApprovedTemplate['buttons'][number]['type'];
    text: string;
    payload?: string;
    url?: string;
  }[];
}

/** Validates a template message against the approved templates. Returns its text, or Meta's error (132000…). */
export function renderTemplate(
  templates: readonly ApprovedTemplate[],
  send: TemplateSend,
): { rendered: RenderedTemplate } | { error: GraphError } {
  const template = templates.find(known => known.name === send.name && known.language === send.language.code);
  if (template === undefined) {
    return {
      error: graphError(132001, `template name (${send.name}) does not exist in ${send.language.code}`),
    };
  }
  if (template.status === 'PAUSED')
    return { error: graphError(132015, 'Template is paused due to low quality') };
  if (template.status === 'DISABLED')
    return { error: graphError(132016, 'Template was disabled for low quality') };
  const given = componentOf(send, 'body')?.parameters ?? [];
  const error =
    headerError(template, send) ??
    textParametersError('body', template.body, given) ??
    buttonsError(template, send);
  if (error !== undefined) return { error };
  const body = fill(template.body, given);
  if (lengthOf(body) > 1024)
    return { error: graphError(132005, 'body: Translated text too long, max length is 1024') };
  const header = fill(template.header?.text ?? '', componentOf(send, 'header')?.parameters ?? []);
  const buttons = template.buttons.map((button, index) => {
    const parameter = send.components?.find(
      component => component.type.toLowerCase() === 'button' && Number(component.index) === index,
    )?.parameters?.[0];
    return {
      type: button.type,
      text: button.text,
      ...(button.type === 'QUICK_REPLY' ? { payload: parameter?.payload ?? button.text } : {}),
      ...(button.url === undefined
        ? {}
        : { url: fill(button.url, parameter === undefined ? [] : [parameter]) }),
    };
  });
  return {
    rendered: {
      category: template.category.toLowerCase() as RenderedTemplate['category'],
      ...(header === '' ? {} : { header }),
      body,
      ...(template.footer === undefined ? {} : { footer: template.footer }),
      buttons,
    },
  };
}
