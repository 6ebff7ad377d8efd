import { type Command, InvalidArgumentError } from 'commander';
import { randomUUID } from 'node:crypto';
import { correctionOf, type CorrectionProblem } from '../../config/correction';
import type { Municipality } from '../../config/municipality';
import { deskName, offered } from '../../config/offices';
import type { Correction, ManagerAct } from '../../domain/case/acts';
import { readCaseNumber } from '../../domain/identifiers';
import { pinIn } from '../../domain/place/map-pin';
import type { Priority } from '../../domain/sla/sla';
import { askedIn, correctable, pinText } from '../../store/corrections';
import { actorName, mustBeKnown, noCaseNumber, reasonText } from './arguments';
import { type OpenLine, withLine } from './connections';
import { actAsManager, type ManagerResult, onePriority, resultText } from './manager-commands';

interface Asked {
  actor: string;
  reason: string;
  subject?: string;
  priority?: Priority;
  place?: string;
  neighbourhood?: string;
  street?: string;
  revision?: number;
}

/** Registers `correct`: a manager corrects subject, priority or place of a case. */
export function registerCorrect(admin: Command): void {
  const command: Command = admin
    .command('correct')
    .description('manager: correct subject, priority or place of a case; owner and targets follow')
    .argument('<number>', 'case number')
    .requiredOption('--actor <name>', 'the actor, stored with the act', actorName)
    .requiredOption(
      '--reason <words>',
      'the reason, stored with the act; the citizen does not get it',
      reasonText,
    )
    .option('--subject <slug>', 'the right subject')
    .option('--priority <priority>', 'the right priority', onePriority)
    .option('--place <pin>', 'coordinates, or a map link with coordinates')
    .option('--neighbourhood <slug>', 'the right neighbourhood, without --place')
    .option('--street <words>', 'street and house number')
    .option(
      '--revision <number>',
      'the revision that `admin case` showed: refused if the case has changed since',
      revisionNumber,
    );
  command.action(async (number: string, asked: Asked) => {
    const caseNumber = readCaseNumber(number) ?? command.error(noCaseNumber(number));
    await withLine(async open => {
      const kept = keptOf(command, open.municipality, asked);
      const done = await correctAsManager(open, caseNumber, { ...asked, kept });
      if ('problem' in done) command.error(problems[done.problem]);
      const { result, act, correction } = done;
      console.log(`${caseNumber}  ${resultText(result, { act })}`);
      if (result.type === 'done') console.log(changesIn(open.municipality, correction).join('\n'));
      else process.exitCode = 1;
    });
  });
}

/**
 * Corrects a case as a manager, as it was at a revision: the given one, otherwise the present one. Returns the result with what the correction changes, or why there is nothing to
 * correct. Rejects with `temporal-unavailable`.
 */
export async function correctAsManager(
  deps: Pick<OpenLine, 'store' | 'gateway' | 'municipality'>,
  caseNumber: string,
  { actor, reason, kept, revision }: { actor: string; reason: string; kept: Kept; revision?: number },
): Promise<{ problem: Problem } | { result: ManagerResult; act: ManagerAct; correction: Correction }> {
  const { store, municipality } = deps;
  const record = await store.cases.get(caseNumber);
  if (!record?.progress) return { problem: 'missing' };
  const { intake, progress } = record;
  const about = correctable({ intake, progress }, await store.messages.several(progress.messageIds));
  const found = correctionOf(municipality, about, askedIn(kept));
  if ('problem' in found) return found;
  const { correction } = found;
  const seen = revision ?? progress.revision;
  const act: ManagerAct = { actionId: randomUUID(), by: 'manager', action: 'correct', correction, seen };
  return { result: await actAsManager(deps, caseNumber, { act, actor, reason, kept }), act, correction };
}

function revisionNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A revision is a whole number.');
  return Number(text);
}

type Kept = Parameters<typeof askedIn>[0];
type Problem = CorrectionProblem | 'missing';

const problems: Readonly<Record<Problem, string>> = {
  missing: 'There is no such case.',
  nothing: 'Nothing would change. Give at least one new value: subject, priority or place.',
  outside: 'The place is outside the district. Hand the case off or reject it.',
  elsewhere: 'The place is not in this neighbourhood. Give one of both.',
};

function keptOf(command: Command, municipality: Municipality, asked: Asked): Kept {
  const { subject, priority, place, neighbourhood, street } = asked;
  const { categories, neighbourhoods, country } = municipality;
  const slugsOf = (all: readonly { slug: string }[]): string[] => all.map(({ slug }) => slug);
  mustBeKnown(command, 'subject', subject, slugsOf(offered(categories)));
  mustBeKnown(command, 'neighbourhood', neighbourhood, slugsOf(neighbourhoods));
  const pin = place === undefined ? null : pinIn(place, country);
  if (place !== undefined && pin === null) command.error('A place looks like "39.94712, 32.63321".');
  return {
    ...(subject !== undefined && { subject }),
    ...(priority !== undefined && { priority }),
    ...(pin && { pin: pinText(pin) }),
    ...(neighbourhood !== undefined && { neighbourhood }),
    ...(street !== undefined && { street }),
  };
}

function changesIn(municipality: Municipality, { subject, priority, place, owner }: Correction): string[] {
  return [
    ...(subject ? [`  subject: ${subject.slug}`] : []),
    ...(priority ? [`  priority: ${priority}`] : []),
    ...(place ? [`  place: ${place.neighbourhood?.slug ?? 'no neighbourhood'}`] : []),
    ...(owner && 'department' in owner
      ? [`  moves to: ${deskName(municipality, 'tr', { slug: owner.department, name: owner.department })}`]
      : []),
    ...(owner && 'institution' in owner ? [`  handed off to: ${owner.institution.name}`] : []),
  ];
}
