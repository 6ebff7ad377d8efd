import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import type { CorrectionProblem } from '../../config/correction';
import type { Municipality } from '../../config/municipality';
import { deskName, offered } from '../../config/offices';
import type { Correction } from '../../domain/case/acts';
import { readCaseNumber } from '../../domain/identifiers';
import { pinIn } from '../../domain/place/map-pin';
import type { Priority } from '../../domain/sla/sla';
import { pinText } from '../../store/corrections';
import { actorName, mustBeKnown, noCaseNumber, reasonText } from './arguments';
import { withLine } from './connections';
import { onePriority, resultText } from './manager-commands';
import { correctAsManager } from '../../temporal/manager-acts';

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
      const done = await correctAsManager(open, caseNumber, { actionId: randomUUID(), ...asked, kept });
      if ('problem' in done) command.error(problems[done.problem]);
      const { result, act, correction } = done;
      console.log(`${caseNumber}  ${resultText(result, { act })}`);
      if (result.type === 'done') console.log(changesIn(open.municipality, correction).join('\n'));
      else process.exitCode = 1;
    });
  });
}

function revisionNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A revision is a whole number.');
  return Number(text);
}

type Kept = Parameters<typeof correctAsManager>[2]['kept'];

const problems: Readonly<Record<CorrectionProblem | 'missing', string>> = {
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
