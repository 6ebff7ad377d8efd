import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { categoryOf } from '../../config/offices';
import { OTHER_CATEGORY, type Owner } from '../../domain/routing/category';
import { classify } from '../../domain/routing/classify';
import { readReports } from './reports-file';

/** What `classify` prints of a report, beside the other columns of its row. */
interface Answer {
  subject: string;
  owner: { type: 'department' | 'institution'; slug: string };
  /** How likely the owner is the right one, 0 to 1. */
  confidence: number;
  /** Whether the report would be routed without asking. */
  sure: boolean;
  matched: readonly string[];
  top3: { subject: string; owner: Answer['owner']; confidence: number }[];
}

export function registerClassify(admin: Command): void {
  admin
    .command('classify')
    .description('tell subject and owner of each report of a CSV file, one JSON line a row')
    .argument('<file>', 'a CSV file whose header has a column "text"; other columns are kept')
    .action((file: string) => {
      const municipality = loadMunicipality(readEnv('checks').CONFIG_DIR);
      for (const { text, others } of readReports(file)) {
        console.log(JSON.stringify({ ...others, ...answerOf(municipality, text) }));
      }
    });
}

function answerOf(municipality: Municipality, text: string): Answer {
  const { ranked, matched, sure } = classify(text, municipality);
  const top3 = ranked.slice(0, 3).map(({ category, confidence }) => ({
    subject: category,
    owner: ownerIn(categoryOf(municipality, category).owner),
    confidence,
  }));
  const best = top3[0] ?? {
    subject: OTHER_CATEGORY,
    owner: ownerIn(categoryOf(municipality, OTHER_CATEGORY).owner),
    confidence: 0,
  };
  return { ...best, sure, matched, top3 };
}

function ownerIn(owner: Owner): Answer['owner'] {
  return 'department' in owner
    ? { type: 'department', slug: owner.department }
    : { type: 'institution', slug: owner.institution };
}
