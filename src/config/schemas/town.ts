import { z } from 'zod';
import { addressee, bilingual, bySlug, count, entry, line, mailAddress, slug, webUrl } from './fields';

/**
 * The format of the municipality's files. Increase it when a key is added, so that the program of before can run with
 * the new files: in files of a higher format it warns of unknown keys, in files of its own it refuses them.
 */
export const CONFIG_FORMAT = 2;

/** The one key of municipality.yaml that is read before all others. */
export const formatSchema = z.object({ format: count.default(1) });

/** municipality.yaml: the municipality and the timing of its conversations. */
export const townSchema = entry({
  format: count.default(1),
  name: line,
  /** An IANA time zone name. */
  timeZone: z
    .string()
    .refine(name => Intl.supportedValuesOf('timeZone').includes(name), 'a time zone like Europe/Istanbul'),
  /** The letters of every new case number. Existing numbers keep theirs. */
  casePrefix: z.string().regex(/^[A-Z]{2,4}$/, 'two to four capital letters from A to Z'),
  website: webUrl,
  /** The phone number of the line, as people write it. */
  linePhone: line,
  callCentre: entry({ name: bilingual, phone: line }),
  officeHours: bilingual,
  /** Receives a letter when a delivery fails for good. */
  operator: addressee,
  conversation: entry({
    /** A burst ends after this much silence … */
    quietSeconds: count,
    /** … and at the latest after this time. */
    longestSeconds: count,
    /** How long the line waits for the answer to a question. */
    answerWaitMinutes: count,
    /** How long an unanswered question about the subject can still be answered. Until then there is no case. */
    lapseHours: count,
    /** A photo or location without text is added to a case opened within this time. */
    recentHours: count,
    /**
     * Hours after our last message about a case during which a new message may belong to it. The citizen is
     * asked.
     */
    toldHours: count,
    /** The line does not repeat the same answer within this time. */
    repeatMinutes: count,
    /** The shortest interval between messages to one citizen; Meta enforces a limit per pair. */
    secondsBetweenReplies: count,
    /** A burst of this many messages ends immediately. */
    mostMessagesInBurst: count,
    /** A citizen can have at most this many open cases. */
    mostOpenCases: count,
    /** Status questions per citizen and hour. */
    statusQuestionsPerHour: count,
  }),
  /** Voice notes as text, if `SPEECH_URL` names a server. */
  speech: entry({
    /**
     * The highest likelihood of a subject from a transcript. It is below every likelihood that routes without a
     * question, so that the citizen always chooses or confirms the subject.
     */
    mostConfidence: z.number().min(0).max(0.9),
    /** Larger recordings are not transcribed. */
    mostMegabytes: count.max(16),
    /** The time limit of one attempt. */
    mostSeconds: count.max(120),
    /** Longer transcripts are cut off. */
    mostCharacters: count.max(10_000),
  }),
  feedback: entry({
    /** Days after which a resolved case closes without an answer. */
    closeAfterDays: count,
    /** Days after which the survey is repeated once; never if omitted. */
    surveyReminderDays: count.optional(),
    /** Days after its end in which a manager can reopen a case. */
    reopenDays: count,
    /** How often "çözülmedi" reopens a case. After that a manager decides. */
    reopenLimit: count,
  }).refine(
    ({ closeAfterDays, surveyReminderDays = 0 }) => surveyReminderDays < closeAfterDays,
    'surveyReminderDays less than closeAfterDays',
  ),
  /** The country's bounding box in degrees (WGS84). Coordinates outside of it are ignored. */
  country: entry({
    south: z.number().min(-90).max(90),
    north: z.number().min(-90).max(90),
    west: z.number().min(-180).max(180),
    east: z.number().min(-180).max(180),
  }).refine(
    ({ south, north, west, east }) => south < north && west < east,
    'south less than north, west less than east',
  ),
  /** How staff take over the chat with a citizen. */
  takeOver: entry({
    /** The line answers again after this silence of the person who took over. */
    silentMinutes: count.max(480),
    /** Prepared texts to choose from. */
    answers: z.array(entry({ name: line, text: line })),
  }).default({ silentMinutes: 30, answers: [] }),
  routing: entry({
    /** The number of reroutes after which a case goes to the triage desk and its chief. */
    reroutesToChief: count,
    /** The number of reporters that raises the priority of a problem by one step. */
    reportsToRaise: count.min(2),
  }),
  taskLinks: entry({
    /** Days for which a link shows the outcome after its task has ended. */
    graceDays: count,
    /** The maximum lifetime of a link, in days. */
    longestDays: count.max(60),
  }),
  digest: entry({
    /** The earliest time for the daily list of open tasks, which is sent when the department's day opens. */
    earliest: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time like 08:30'),
  }),
  /** The people who follow the statistics. */
  /** The public page with figures; there is none if omitted. */
  publicFigures: entry({
    /** Smaller numbers of cases are not published. */
    fewest: count.min(3),
    /** A month is published this many days after its end. */
    delayDays: count,
    /** Subjects whose cases do not count there, such as social aid. */
    without: z.array(slug).default([]),
  }).optional(),
  managers: entry({
    /** The recipients of the weekly letter and of the daily list of cases near their legal limit. */
    recipients: bySlug(addressee),
    weeklyLetter: entry({
      day: z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
      at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time like 08:30'),
    }),
    /** From how many days before its legal limit the daily letter lists an open case. */
    legalWarnDays: count.max(25),
    /** The number of decided answers in a period below which a department is not ranked. */
    fewestToRank: count,
    /** The lifetime of a link to the managers' page, in days. */
    linkDays: count,
  }),
  /** A map tile server for the task page; no map if omitted. The server learns where reports are. */
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
  /** How a pin is compared with the lines of roads. */
  roadRules: entry({
    besideMetres: count,
    usualWidthMetres: count,
    streetMetres: count,
    withoutLines: z.enum(['street', 'desk']).default('street'),
    /** Values of OpenStreetMap's `highway` for streets that the municipality keeps. */
    ownClasses: z.array(line).min(1),
  }),
  /** Place files, relative to this folder. */
  placeFiles: entry({ neighbourhoods: line, district: line, names: line, roads: line, neighbours: line }),
});

export type Town = z.infer<typeof townSchema>;

/** departments.yaml: the departments and the superiors they escalate to. */
export const departmentsSchema = bySlug(
  entry({
    name: line,
    /** The name in English messages. */
    englishName: line,
    mail: addressee,
    chief: addressee,
    deputyMayor: addressee,
    /**
     * Receives letters that one of these mailboxes rejects. Defaults to the chief, or to the operator for
     * superiors.
     */
    fallback: addressee.optional(),
    /** A calendar of calendar.yaml. */
    calendar: slug,
    /** Set to take a department out: it gets no new case, and its open cases go on. */
    retired: z.boolean().default(false),
  }),
);

/** institutions.yaml: the outside institutions that own some subjects. */
export const institutionsSchema = bySlug(
  entry({
    name: bilingual,
    phone: line,
    website: webUrl.optional(),
    /** The explanation for the citizen. */
    why: bilingual,
    /** How its matters reach it. */
    handOff: z.union(
      [
        /** Only the citizen can turn to it, like to an emergency number. Nothing is passed on. */
        z.literal('citizen'),
        entry({
          /** Its mailbox, or how the triage desk reaches it: by the form on its website or by its phone number. */
          to: z.union([mailAddress, z.enum(['form', 'phone'])]),
          /** Calendar days to answer. Afterwards it gets a reminder, and after as many again the triage desk. */
          answerDays: count.max(60),
          /** The personal data that the law asks for; none if omitted. */
          shares: entry({ data: z.array(z.enum(['name', 'phone'])).min(1), basis: line }).optional(),
        }),
      ],
      'citizen, or {to: an e-mail address or form or phone, answerDays: 1 to 60, shares: {data: [name, phone], basis: law}}',
    ),
  }),
);

export type Department = z.infer<typeof departmentsSchema>[string] & { slug: string };
export type Institution = z.infer<typeof institutionsSchema>[string] & { slug: string };

/** The triage desk, which reads reports without a clear subject. It is configured like a department. */
export const TRIAGE = 'triage';
