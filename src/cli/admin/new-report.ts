import { type Command, InvalidArgumentError, Option } from 'commander';
import { enterReport } from '../../../activities/staff-report';
import { callableNumber } from '../../config/municipality';
import { offered } from '../../config/offices';
import { kinds } from '../../config/schemas/categories';
import { townDay } from '../../config/texts';
import { placeLine } from '../../domain/place/address';
import { pinIn } from '../../domain/place/map-pin';
import { oneLine, plainText } from '../../domain/plain-text';
import { entryText } from '../../mail/case-text';
import { plannedCase, reportSources, type StaffReport } from '../../store/staff-reports';
import { actorName, mustBeKnown, reasonText } from './arguments';
import { withLine } from './connections';

interface Asked extends Pick<StaffReport, 'source' | 'words' | 'language' | 'kind'> {
  subject?: string;
  pin?: string;
  phone?: string;
  name?: string;
  whatsapp?: boolean;
  actor: string;
}

const LONGEST_NAME = 120;

/** Parses the number of a person who can be called. */
function phoneNumber(typed: string): string {
  const number = callableNumber(typed);
  if (number === null)
    throw new InvalidArgumentError('A number looks like 0532 123 45 67, or 49 170 1234567 from abroad.');
  return number;
}

async function enter(asked: Asked, command: Command): Promise<void> {
  const { subject, pin: typed, phone = null, name = null, whatsapp = false } = asked;
  if (whatsapp && phone === null) command.error('An answer on WhatsApp needs --phone.');
  await withLine(async ({ municipality, store, gateway }) => {
    const subjects = offered(municipality.categories).map(({ slug }) => slug);
    mustBeKnown(command, 'subject', subject, subjects);
    const point = typed === undefined ? null : pinIn(typed, municipality.country);
    if (typed !== undefined && point === null) command.error('A pin looks like "39.94712, 32.63321".');
    const pin = point && { ...point, name: null, address: null };
    const { source, words, kind, language, actor } = asked;
    const { caseNumber, intake } = await enterReport(
      { municipality, store, gateway, now: () => new Date() },
      {
        ...{ source, words, pin, phone, name, wantsWhatsApp: whatsapp, language, by: actor },
        ...(subject !== undefined && { subject }),
        ...(kind && { kind }),
      },
    );
    const progress = await plannedCase(store, caseNumber);
    const owner = progress?.institution?.name ?? progress?.plan.desk.name ?? 'planlanıyor';
    console.log(
      [
        `Kayıt no   ${caseNumber}`,
        `Konu       ${intake.category.name}`,
        `Yer        ${placeLine(intake) ?? 'belirlenemedi'}`,
        `Birim      ${owner}`,
        ...(progress && !progress.institution
          ? [`Hedef      ${townDay(municipality, 'tr', progress.plan.resolveBy)}`]
          : []),
        ...(intake.entry ? [entryText(intake.entry)] : []),
      ].join('\n'),
    );
  });
}

/** Adds `new-report`: enters the report of a caller, of somebody at the counter, or of a muhtar. */
export function registerNewReport(admin: Command): void {
  admin
    .command('new-report')
    .description('enter the report of a caller, of somebody at the counter, or of a muhtar')
    .addOption(new Option('--source <source>', 'how it came').choices(reportSources).makeOptionMandatory())
    .requiredOption('--words <text>', 'what was reported, with the address', reasonText)
    .option('--subject <slug>', 'the subject; without it, the words decide')
    .addOption(new Option('--kind <kind>', 'the kind; without it, the words decide').choices(kinds))
    .option('--pin <place>', 'coordinates, or a map link with coordinates')
    .option('--phone <number>', 'the number for the answer', phoneNumber)
    .option('--name <name>', 'the name of the person', value => oneLine(plainText(value), LONGEST_NAME))
    .option('--whatsapp', 'the person agreed to be answered on WhatsApp; otherwise the desk calls')
    .addOption(new Option('--language <language>').choices(['tr', 'en']).default('tr'))
    .requiredOption('--actor <name>', 'who enters it, for the record', actorName)
    .action((asked: Asked, command: Command) => enter(asked, command));
}
