import { z } from 'zod';
import type { WeightedTerms } from '../../domain/routing/category';

const oneTerm = /^\S+(( \+ \S+){1,4}|( \S+){0,4})$/;
const shape = 'one to five words with single spaces, or joined by " + "; terms parted by commas';

const weight = z
  .string()
  .regex(/^(10|[0-9](\.[0-9])?)$/, 'a weight from 0.1 to 10')
  .refine(text => Number(text) > 0, 'a weight from 0.1 to 10');

/** Terms by weight, `5: çukur, asfalt, yol boz`, read into term → weight; a term stands under one weight only. */
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
