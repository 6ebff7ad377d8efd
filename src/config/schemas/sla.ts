import { z } from 'zod';
import type { Role } from '../../domain/case';
import { bySlug, count, entry, line } from './fields';

const roles = ['department', 'chief', 'deputyMayor'] as const satisfies readonly Role[];

const level = z.int().min(0).max(9);

/** sla.yaml: the targets, the ladder above them, and the legal limit beside them. */
export const slaSchema = entry({
  /** Kept with each case, so that a later change does not rewrite what was promised. */
  version: line,
  classes: bySlug(
    entry({
      /** Business minutes of the department's calendar until it accepts … */
      acceptMinutes: count,
      /** … and until the matter is resolved. */
      resolveMinutes: count,
    }),
  ),
  /** Who is told at which share of a target; level 0 reminds, 1 is the breach. */
  ladder: z
    .array(entry({ share: z.number().positive().max(10), level, to: z.enum(roles) }))
    .min(1)
    .refine(
      steps => steps.every((step, i) => i === 0 || step.share > (steps[i - 1]?.share ?? 0)),
      'each share must be greater than the one before',
    ),
  legal: entry({
    /** Calendar days until the citizen must have an answer. */
    days: count,
    steps: z.array(entry({ day: count, level, to: z.enum(roles) })),
  }),
});

export type SlaPolicies = z.infer<typeof slaSchema>;
