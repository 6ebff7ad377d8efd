import { z } from 'zod';
import type { CaseKind, Priority } from '../../domain/case/case';
import type { RoutedCategory } from '../../domain/routing/category';
import { bilingual, bySlug, count, entry, line, slug, weightedTerms } from './fields';

export const kinds = [
  'problem',
  'request',
  'suggestion',
  'thanks',
  'information',
] as const satisfies readonly CaseKind[];
const priorities = ['p1', 'p2', 'p3', 'p4'] as const satisfies readonly Priority[];

export const ownerSchema = z.union(
  [entry({ department: slug }), entry({ institution: slug })],
  'department: slug, or institution: slug',
);

/** A row of a WhatsApp list holds 24 characters, and subjects are offered in one. */
const rowTitle = line.max(24, 'at most 24 characters');
const subjectName = entry({ tr: rowTitle, en: rowTitle });

/** categories/*.yaml: the subjects as citizens know them, each with its owner, its targets and its words. */
export const categoriesSchema = bySlug(
  entry({
    name: subjectName,
    kind: z.enum(kinds),
    owner: ownerSchema,
    /** A class of sla.yaml. */
    slaClass: slug,
    priority: z.enum(priorities),
    /** The clock of an urgent subject runs at all hours, and its letters go out at all hours. */
    urgent: z.boolean().default(false),
    /** Which of the legal limits of sla.yaml binds the answer. */
    legal: z.enum(['petition', 'information']).default('petition'),
    /** What the department needs to know beside place and words. */
    question: bilingual.optional(),
    /** Whether a photo tells the department much. */
    photo: z.boolean().default(false),
    /** Whether it cannot be settled without calling the citizen: letters then carry name and number. */
    callBack: z.boolean().default(false),
    /** Answers of answers.yaml that fit when the matter is done. */
    answers: z.array(slug).default([]),
    /** Reports of the subject within this distance and time may be about one thing. */
    duplicates: entry({ metres: count, days: count }).default({ metres: 50, days: 21 }),
    /** Evidence wanted beyond the usual before going straight. */
    doubt: z.number().min(0).max(50).optional(),
    words: weightedTerms.default({}),
    notWords: weightedTerms.default({}),
  }),
);

export type Owner = z.infer<typeof ownerSchema>;
export type Category = z.infer<typeof categoriesSchema>[string] & RoutedCategory;
