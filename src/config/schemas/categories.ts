import { z } from 'zod';
import type { CaseKind, Priority } from '../../domain/case';
import type { RoutedCategory } from '../../domain/routing/category';
import { bilingual, bySlug, entry, slug } from './fields';

const kinds = ['problem', 'request', 'suggestion', 'thanks'] as const satisfies readonly CaseKind[];
const priorities = ['p1', 'p2', 'p3', 'p4'] as const satisfies readonly Priority[];

const owner = z.union(
  [entry({ department: slug }), entry({ institution: slug })],
  'department: slug, or institution: slug',
);

const terms = z.record(
  z.string().regex(/^\S+( \S+){0,4}$/, 'one to five words with single spaces'),
  z.number().positive().max(10),
);

/** categories.yaml: the subjects as citizens know them, each with its owner, its targets and its words. */
export const categoriesSchema = bySlug(
  entry({
    name: bilingual,
    kind: z.enum(kinds),
    owner,
    /** A class of sla.yaml. */
    slaClass: slug,
    priority: z.enum(priorities),
    /** Escalations of an urgent subject are sent outside office hours as well. */
    urgent: z.boolean().default(false),
    words: terms.default({}),
    notWords: terms.default({}),
  }),
);

export type Owner = z.infer<typeof owner>;
export type Category = z.infer<typeof categoriesSchema>[string] & RoutedCategory;
