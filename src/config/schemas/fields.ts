import { z } from 'zod';

/** An object without other keys than these; the message names the right ones. */
export function entry<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: issue => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : undefined),
  });
}

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const slugWords = 'lower-case letters, digits and single hyphens, like fen-isleri';

export const slug = z.string().regex(SLUG, slugWords);

/** A map whose keys are slugs. */
export function bySlug<Value extends z.ZodType>(value: Value): z.ZodRecord<typeof slug, Value> {
  return z.record(slug, value);
}

export const line = z.string().trim().min(1);
export const webUrl = z.url({ protocol: /^https?$/, error: 'a URL with http or https' });

/** A person or desk that gets mail. */
export const addressee = entry({ name: line, address: z.email('an e-mail address') });

/** The same words in both languages of the line. */
export const bilingual = entry({ tr: line, en: line });

export const count = z.int('a whole number').min(1);

export const localDate = z.iso.date('a date like 2027-05-19');

export type Addressee = z.infer<typeof addressee>;
export type Bilingual = z.infer<typeof bilingual>;
