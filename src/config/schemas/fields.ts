import { z } from 'zod';
import type { WeightedTerms } from '../../domain/routing/category';

/** An object that rejects unknown keys. The error message lists the allowed keys. */
export function entry<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: issue => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : undefined),
  });
}

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const slugForm = 'lower-case letters, digits and single hyphens, like fen-isleri';

export const slug = z.string().regex(SLUG, slugForm);

/** A map whose keys are slugs. */
export function bySlug<Value extends z.ZodType>(value: Value): z.ZodRecord<typeof slug, Value> {
  return z.record(slug, value);
}

export const line = z.string().trim().min(1);
export const webUrl = z.url({ protocol: /^https?$/, error: 'a URL with http or https' });

/**
 * An e-mail address in lower case. Turkish keyboards produce `İ` and `I` for `i`, and Unicode lower-cases `İ`
 * to two code points.
 */
export const mailAddress = z
  .string()
  .trim()
  .transform(text => text.replace(/[İIı]/g, 'i').toLowerCase())
  .pipe(z.email('an e-mail address').max(254));

/** A person or desk with an e-mail address. */
export const addressee = entry({ name: line, address: mailAddress });

/** One text in both languages. */
export const bilingual = entry({ tr: line, en: line });

export const count = z.int('a whole number').min(1);

export const localDate = z.iso.date('a date like 2027-05-19');

const oneTerm = /^[^\s+>]+(( \+ [^\s+>]+){1,4}|( > [^\s+>]+){1,4}|( [^\s+>]+){0,4})$/;
const shape = 'one to five words with single spaces, or joined by " + " or " > "; terms parted by commas';

const weight = z
  .string()
  .regex(/^(10|[0-9](\.[0-9])?)$/, 'a weight from 0.1 to 10')
  .refine(text => Number(text) > 0, 'a weight from 0.1 to 10');

/**
 * Terms grouped by weight, `5: çukur, asfalt, yol boz`, parsed to a map of term to weight. A term may have one
 * weight only.
 */
export const weightedTerms = z
  .record(weight, z.string(shape))
  .transform((byWeight, context): WeightedTerms => {
    const terms: Record<string, number> = {};
    for (const [written, list] of Object.entries(byWeight)) {
      for (const term of list.split(',').map(part => part.trim().replace(/\s+/g, ' '))) {
        const problem = !oneTerm.test(term)
          ? shape
          : Object.hasOwn(terms, term)
            ? 'each term once'
            : undefined;
        if (problem === undefined) terms[term] = Number(written);
        else context.addIssue({ code: 'custom', path: [written], message: problem, input: term });
      }
    }
    return terms;
  });
