import { z } from 'zod';
import type { CaseKind } from '../../domain/case/case';
import { priorities } from '../../domain/sla/sla';
import type { RoutedCategory } from '../../domain/routing/category';
import { yearlyDay } from './calendar';
import { bilingual, bySlug, count, entry, line, slug, weightedTerms } from './fields';

export const kinds = [
  'problem',
  'request',
  'suggestion',
  'thanks',
  'information',
] as const satisfies readonly CaseKind[];

export const ownerSchema = z.union(
  [entry({ department: slug }), entry({ institution: slug })],
  'department: slug, or institution: slug',
);

/** Subjects are offered as WhatsApp list rows, whose titles hold 24 characters. */
const rowTitle = line.max(24, 'at most 24 characters');
/** They stand before the receipt, which has at most 1,024 characters with its button (Cloud API). */
const seasonWords = line.max(300, 'at most 300 characters');
const subjectName = entry({ tr: rowTitle, en: rowTitle });

/** categories/*.yaml: the subjects, each with its owner, targets and weighted terms. */
export const categoriesSchema = bySlug(
  entry({
    name: subjectName,
    kind: z.enum(kinds),
    owner: ownerSchema,
    /** A target class of sla.yaml. */
    slaClass: slug,
    /** P1 is a hazard: clocks run and letters are sent around the clock. */
    priority: z.enum(priorities),
    /** The legal limit of sla.yaml that applies. */
    legal: z.enum(['petition', 'information']).default('petition'),
    /** Extra information the department needs. */
    question: bilingual.optional(),
    /** Whether to ask for a photo. */
    photo: z.boolean().default(false),
    /** Whether this is the subject of hurt animals. */
    hurtAnimals: z.boolean().default(false),
    /** Whether the department needs the place. Otherwise it is not asked for. */
    place: z.boolean().default(true),
    /** Whether the department must call the citizen. Letters then contain name and phone number. */
    callBack: z.boolean().default(false),
    /**
     * A part of the year, which may span the new year: what the receipt begins with, and the minutes for which letters
     * about reports are gathered into one for each address, 0 for never. Gathered letters of hazards wait as well.
     */
    season: entry({
      from: yearlyDay,
      to: yearlyDay,
      words: entry({ tr: seasonWords, en: seasonWords }),
      gatherMinutes: z.int().min(0).max(240).default(0),
    }).optional(),
    /** Prepared answers of answers.yaml for this subject. */
    answers: z.array(slug).default([]),
    /** Reports of this subject within this distance (metres) and age (days) are checked for duplicates. */
    duplicates: entry({ metres: count, days: count }).default({ metres: 50, days: 21 }),
    /** Extra evidence required before a report is routed without asking. */
    doubt: z.number().min(0).max(50).optional(),
    /** Set to take a subject out: no new case gets it, and its open cases go on. Its terms are ignored. */
    retired: z.boolean().default(false),
    words: weightedTerms.default({}),
    notWords: weightedTerms.default({}),
  }),
);

export type Category = z.infer<typeof categoriesSchema>[string] & RoutedCategory;
