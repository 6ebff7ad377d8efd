import type { z } from 'zod';
import { addressee, bilingual, bySlug, entry, line, slug, webUrl } from './fields';

/** departments.yaml: who must act, and who hears of it when nobody does. */
export const departmentsSchema = bySlug(
  entry({
    name: line,
    mail: addressee,
    chief: addressee,
    deputyMayor: addressee,
    /** Gets what one of these mailboxes refuses; the chief, or for superiors the operator, when left out. */
    fallback: addressee.optional(),
    /** A calendar of calendar.yaml. */
    calendar: slug,
  }),
);

/** institutions.yaml: who owns what the municipality does not. */
export const institutionsSchema = bySlug(
  entry({
    name: bilingual,
    phone: line,
    website: webUrl.optional(),
    /** Why the matter is theirs, for the citizen. */
    why: bilingual,
  }),
);

export type Department = z.infer<typeof departmentsSchema>[string] & { slug: string };
export type Institution = z.infer<typeof institutionsSchema>[string] & { slug: string };

/** The desk that reads what no subject fits; a department like the others. */
export const TRIAGE = 'triage';
