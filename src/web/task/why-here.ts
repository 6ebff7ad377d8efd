import type { Municipality } from '../../config/municipality';
import { TRIAGE } from '../../config/schemas/town';
import { metres as metresInWords } from '../../mail/intake-notes';
import type { CaseIntake } from '../../store/case-records';
import type { Store } from '../../store/store';
import { leaderError } from './cluster-check';
import type { OpenedTask } from './opened-task';

/** A subject less likely than this tells nobody anything. */
const LEAST_SHARE = 0.05;
const MOST_OTHERS = 3;

const percent = (share: number): string => `%${Math.round(share * 100)}`;

function otherSubjects({ guessed = [], category }: CaseIntake, { categories }: Municipality): string[] {
  const likely = guessed
    .filter(({ slug, confidence }) => slug !== category.slug && confidence >= LEAST_SHARE)
    .slice(0, MOST_OTHERS)
    .flatMap(({ slug, confidence }) => {
      const name = categories.find(candidate => candidate.slug === slug)?.name.tr;
      return name === undefined ? [] : [`${name} (${percent(confidence)})`];
    });
  return likely.length > 0 ? [`Metne göre öteki olası konular: ${likely.join(', ')}`] : [];
}

/** Why a report came to this desk, in Turkish; the desk that sorts also hears what else it may be. */
export function whyHere(intake: CaseIntake, department: string, municipality: Municipality): string[] {
  const { matchedWords, chosenByCitizen, confidence, desk, deskReason } = intake;
  const sorts = department === TRIAGE;
  const sure = sorts && confidence > 0 && !chosenByCitizen ? ` (eminlik ${percent(confidence)})` : '';
  return [
    ...(chosenByCitizen ? ['Konuyu vatandaş listeden seçti.'] : []),
    ...(matchedWords.length > 0
      ? [`Konu şu sözcüklerden belirlendi: ${matchedWords.join(', ')}${sure}`]
      : []),
    ...(sorts ? otherSubjects(intake, municipality) : []),
    ...(deskReason && department === desk ? [deskReason] : []),
  ];
}

/** Open reports that may be about the same thing. */
export interface Alike {
  words: string;
  /** The case to join; null when this desk has no such open case. */
  leader: string | null;
}

/**
 * The proposal of open reports nearby that a person may still follow; null when there is none or somebody has
 * decided on it. Other departments' case numbers are not told.
 */
export async function alikeNearby(
  store: Pick<Store, 'cases'>,
  { intake, link, progress }: OpenedTask,
  wasDecided: boolean,
): Promise<Alike | null> {
  const { similar } = intake;
  if (!similar || wasDecided || progress.leader !== null) return null;
  const canJoin = (await leaderError(store, { link }, similar.leader)) === null;
  const { reports, metres, likeness } = similar;
  const many = reports === 1 ? 'bir açık bildirim' : `${reports} açık bildirim`;
  return {
    words: `Yakında aynı konuda ${many} daha var: en yakını ${metresInWords(metres)} uzaklıkta, sözcükleri ${percent(likeness)} ortak.`,
    leader: canJoin ? similar.leader : null,
  };
}
