import { type Command, InvalidArgumentError } from 'commander';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Municipality } from '../../config/municipality';
import { offered } from '../../config/offices';
import { areaSchema } from '../../config/schemas/places';
import { isHeldByIncident } from '../../domain/case/case';
import type { Area } from '../../domain/place/distance';
import { oneLine, plainText } from '../../domain/plain-text';
import type { IncidentRecord } from '../../store/calendar-records';
import type { Store } from '../../store/store';
import { actorName, mustBeKnown, readInstant, reasonText, writeInstant } from './arguments';
import { type OpenLine, withLine } from './connections';
import { carryOutRound, readNumbers } from './manager-commands';
import { incidentEndRefusal, moveIncident } from '../../temporal/incidents';
import type { ManagerOrder } from '../../temporal/manager-acts';

interface Added {
  name: string;
  words: string;
  wordsEn?: string;
  subject: string[];
  neighbourhood?: string[];
  polygon?: Area[];
  everywhere?: boolean;
  from?: string;
  to: string;
  actor: string;
  reason: string;
}

const LONGEST_NAME = 80;
/** The citizen gets the words with a case number and a button, within 1,024 characters (Cloud API). */
const LONGEST_WORDS = 500;

function nameText(value: string): string {
  const text = oneLine(value, LONGEST_NAME + 1);
  if (text === '' || text.length > LONGEST_NAME)
    throw new InvalidArgumentError(`At least one word, at most ${LONGEST_NAME} characters.`);
  return text;
}

function toldText(value: string): string {
  const text = plainText(value);
  if (text === '' || text.length > LONGEST_WORDS)
    throw new InvalidArgumentError(`At least one word, at most ${LONGEST_WORDS} characters.`);
  return text;
}

/** A geometry, a feature or a collection of features, as map editors export them. */
const geoJson = z.union([
  areaSchema.transform(area => [area]),
  z.looseObject({ geometry: areaSchema }).transform(({ geometry }) => [geometry]),
  z
    .looseObject({ features: z.array(z.looseObject({ geometry: areaSchema })).min(1) })
    .transform(({ features }) => features.map(({ geometry }) => geometry)),
]);

function polygons(file: string): Area[] {
  try {
    return geoJson.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new InvalidArgumentError('Allowed: a GeoJSON file with polygons, longitude before latitude.');
  }
}

function instant(command: Command, { timeZone }: Municipality, typed: string): Date {
  try {
    return new Date(readInstant(typed, timeZone));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return command.error(error.message);
  }
}

function mustLast(
  command: Command,
  municipality: Municipality,
  span: { from: Date; to: Date },
  now: Date,
): void {
  const refusal = incidentEndRefusal(municipality, span, now);
  const { incidentDays } = municipality.sla.holds;
  const texts = {
    endsBefore: 'The incident ends before it begins.',
    past: 'The end is in the past.',
    tooLong: `An incident lasts at most ${incidentDays} days (sla.yaml, holds).`,
  };
  if (refusal !== null) command.error(texts[refusal]);
}

function recordOf(command: Command, municipality: Municipality, given: Added): IncidentRecord {
  const { categories, neighbourhoods } = municipality;
  const { name, words, wordsEn = null, subject, neighbourhood = [], polygon = [], reason, actor } = given;
  mustBeKnown(
    command,
    'subject',
    subject,
    offered(categories).map(({ slug }) => slug),
  );
  mustBeKnown(
    command,
    'neighbourhood',
    neighbourhood,
    neighbourhoods.map(({ slug }) => slug),
  );
  if (given.everywhere === neighbourhood.length + polygon.length > 0)
    command.error('Give --neighbourhood or --polygon, or --everywhere alone.');
  if (!given.everywhere && neighbourhood.length + polygon.length === 0)
    command.error('Give the area: --neighbourhood, --polygon or --everywhere.');
  const now = new Date();
  const from = given.from === undefined ? now : instant(command, municipality, given.from);
  const to = instant(command, municipality, given.to);
  mustLast(command, municipality, { from, to }, now);
  return {
    id: `${subject[0] ?? ''}:${from.toISOString()}`,
    ...{ name, words: { tr: words, en: wordsEn }, subjects: subject },
    ...{ neighbourhoods: neighbourhood, areas: polygon, from, to },
    ...{ reason, addedBy: actor, addedAt: now, moved: null },
  };
}

async function lineOf(store: Store, { timeZone }: Municipality, incident: IncidentRecord): Promise<string> {
  const { id, name, subjects, neighbourhoods, areas, from, to, addedBy, moved } = incident;
  const cases = await store.cases.ofIncident(id);
  const lasting = cases.filter(({ progress }) => progress?.incident?.id === id);
  const held = lasting.filter(({ progress }) => progress && isHeldByIncident(progress));
  const area = [...neighbourhoods, ...(areas.length > 0 ? [`${areas.length} polygons`] : [])].join(', ');
  return [
    id,
    name,
    [from, to].map(at => writeInstant(at.getTime(), timeZone)).join(' – '),
    `${subjects.join(', ')} in ${area || 'the whole district'}`,
    `${cases.length} reports, ${held.length} wait for the end`,
    `${addedBy}${moved === null ? '' : `, end changed by ${moved.by}`}`,
  ].join('  ');
}

/** Moves the end of an incident and tells its cases. */
async function move(
  { store, gateway, municipality }: OpenLine,
  command: Command,
  { id, at, actor, reason }: { id: string; at?: string; actor: string; reason: string },
): Promise<void> {
  const incident = await store.incidents.get(id);
  if (!incident) return command.error(`There is no incident ${id}.`);
  const now = new Date();
  if (incident.to <= now) return command.error(`${id} has ended.`);
  const to = at === undefined ? now : instant(command, municipality, at);
  // An incident that has not begun is dropped.
  if (at !== undefined) mustLast(command, municipality, { from: incident.from, to }, now);
  const told = await moveIncident({ store, gateway }, id, to, { by: actor, at: now, reason });
  const when =
    at === undefined ? 'has ended' : `ends at ${writeInstant(to.getTime(), municipality.timeZone)}`;
  console.log(`${id} ${when}; ${told} cases were told.`);
}

/** Adds `incident`: what is announced to everybody who reports it, instead of a letter for each report. */
export function registerIncident(admin: Command): void {
  const incident = admin.command('incident').description('announced incidents, such as a water cut');

  incident
    .command('add')
    .description('answer matching reports with these words until the end, and collect them')
    .requiredOption('--name <words>', 'the name that citizens read at its end', nameText)
    .requiredOption('--words <text>', 'what citizens are told at once, in Turkish', toldText)
    .option('--words-en <text>', 'the same in English', toldText)
    .requiredOption('--subject <slugs...>', 'subjects, like water-cut')
    .option('--neighbourhood <slugs...>', 'the area: neighbourhoods of the map')
    .option('--polygon <file>', 'the area: a GeoJSON file with polygons', polygons)
    .option('--everywhere', 'the area: the whole district')
    .option('--from <time>', 'ISO time, local without an offset (default: now)')
    .requiredOption('--to <time>', 'the announced end, ISO time')
    .requiredOption('--actor <name>', 'who decided, for the record', actorName)
    .requiredOption('--reason <words>', 'the reason, for the record', reasonText)
    .action((given: Added, command: Command) =>
      withLine(async ({ store, municipality }) => {
        const record = recordOf(command, municipality, given);
        if (!(await store.incidents.add(record))) command.error(`There is an incident ${record.id} already.`);
        console.log(await lineOf(store, municipality, record));
      }),
    );

  incident
    .command('list')
    .description('list the incidents that have not ended, with their reports')
    .option('--all', 'those that have ended as well')
    .option('--json', 'as JSON, times in UTC')
    .action(({ all, json }: { all?: boolean; json?: boolean }) =>
      withLine(async ({ store, municipality }) => {
        const found = await store.incidents.since(all ? new Date(0) : new Date());
        if (json) console.log(JSON.stringify(found, null, 2));
        else if (found.length === 0) console.log('There are no incidents.');
        else for (const one of found) console.log(await lineOf(store, municipality, one));
      }),
    );

  incident
    .command('end')
    .description('end an incident now, or move its end; those who reported it are told at its end')
    .argument('<id>', 'the id that list shows')
    .option('--at <time>', 'the new end, ISO time (default: now)')
    .requiredOption('--actor <name>', 'who decided, for the record', actorName)
    .requiredOption('--reason <words>', 'the reason, for the record', reasonText)
    .action((id: string, given: { at?: string; actor: string; reason: string }, command: Command) =>
      withLine(open => move(open, command, { id, ...given })),
    );

  incident
    .command('release-case')
    .description('take reports out of their incident; each then has a task and targets of its own')
    .argument('<numbers...>', 'case numbers')
    .requiredOption('--actor <name>', 'who decided, for the record', actorName)
    .requiredOption('--reason <words>', 'the reason, for the record', reasonText)
    .action((numbers: string[], { actor, reason }: { actor: string; reason: string }, command: Command) =>
      withLine(async open => {
        const order = (): ManagerOrder => ({
          act: { actionId: randomUUID(), by: 'manager', action: 'release' },
          ...{ actor, reason },
        });
        if ((await carryOutRound(open, readNumbers(command, numbers), order)) > 0) process.exitCode = 1;
      }),
    );
}
