import { z } from 'zod';
import { addressee, bilingual, bySlug, count, entry, line, slug, webUrl } from './fields';

/** municipality.yaml: the municipality itself and the pace of its talks. */
export const townSchema = entry({
  name: line,
  /** Name of the time zone in the IANA list. */
  timeZone: z
    .string()
    .refine(name => Intl.supportedValuesOf('timeZone').includes(name), 'a time zone like Europe/Istanbul'),
  website: webUrl,
  privacyNoticeUrl: webUrl,
  /** The WhatsApp line as people write it. */
  linePhone: line,
  callCentre: entry({ name: bilingual, phone: line }),
  officeHours: bilingual,
  /** Who is told when the program cannot deliver something. */
  operator: addressee,
  conversation: entry({
    /** A burst of messages is over after this silence … */
    quietSeconds: count,
    /** … and is taken up after this time in any case. */
    longestSeconds: count,
    /** How long an answer to a question of ours is waited for. */
    answerWaitMinutes: count,
    /** A photo or pin without words still belongs to a case opened within this time. */
    recentHours: count,
    /** The same answer is not repeated within so many minutes. */
    repeatMinutes: count,
    /** Meta's limit for one person: an answer at most every so many seconds. */
    secondsBetweenReplies: count,
    /** A burst of so many messages is taken up at once. */
    mostMessagesInBurst: count,
    /** A citizen with so many open cases can open no more until one has ended. */
    mostOpenCases: count,
    /** Questions for the state of a case that one citizen may ask in an hour. */
    statusQuestionsPerHour: count,
  }),
  feedback: entry({
    /** A resolved case closes without an answer after these days. */
    closeAfterDays: count,
    /** A silent citizen is asked once more after these days; left out, never. */
    surveyReminderDays: count.optional(),
    /** For so many days after its end a manager can still take a case back. */
    reopenDays: count,
    /** So often "çözülmedi" reopens a case; after that a manager decides. */
    reopenLimit: count,
  }).refine(
    ({ closeAfterDays, surveyReminderDays = 0 }) => surveyReminderDays < closeAfterDays,
    'surveyReminderDays less than closeAfterDays',
  ),
  routing: entry({
    /** Sent on so often between desks, a case goes to the desk that sorts and to its chief. */
    reroutesToChief: count,
    /** So many people must report the same problem for its priority to rise a step. */
    reportsToRaise: count.min(2),
  }),
  taskLinks: entry({
    /** After its task has ended a link tells the outcome for so many days. */
    graceDays: count,
    /** No link lives longer, whatever its task. */
    longestDays: count.max(60),
  }),
  digest: entry({
    /** When departments get the list of their open tasks: at their day's opening, but never before this time. */
    earliest: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time like 08:30'),
  }),
  /** Those who follow the figures. */
  managers: entry({
    /** Who gets the weekly letter. */
    recipients: bySlug(addressee),
    weeklyLetter: entry({
      day: z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
      at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time like 08:30'),
    }),
    /** A department with fewer decided answers in a period is not ranked. */
    fewestToRank: count,
    /** How long a link to the managers' page is valid. */
    linkDays: count,
  }),
  /** A server of map tiles for the task page; it learns where reports are. Left out, the page shows no map. */
  mapTiles: entry({
    url: z
      .string()
      .regex(/^https?:\/\/[a-z0-9.:-]+\/\S*$/i, 'a URL like https://tiles.example/{z}/{x}/{y}.png')
      .refine(
        url => ['{z}', '{x}', '{y}'].every(part => url.includes(part)),
        'a URL like https://tiles.example/{z}/{x}/{y}.png',
      ),
    attribution: line,
  }).optional(),
  /** Files of the places, relative to this folder. */
  placeFiles: entry({ neighbourhoods: line, district: line, names: line, roads: line, neighbours: line }),
});

export type Town = z.infer<typeof townSchema>;

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
