import type { Municipality } from '../config/municipality';
import { categoryOf, departmentOf, deskName } from '../config/offices';
import {
  type Language,
  plannedText,
  resolvedMessage,
  type Say,
  seasonOf,
  surveyMessage,
  townDay,
} from '../config/texts';
import type { MessageKey } from '../config/schemas/texts';
import type { CaseProgress, PlannedTime } from '../domain/case/case';
import type { Decider } from '../domain/sla/sla';
import type { CitizenNews } from '../domain/case/case-events';
import { type ObjectionRefusal, objectionRefusal } from '../domain/case/acts';
import type { HandOffWay } from '../domain/case/hand-off';
import { feedbackButtonId } from '../domain/identifiers';
import { placeLine } from '../domain/place/address';
import { ratings, tapId } from '../domain/talk/taps';
import type { IncidentRecord } from '../store/calendar-records';
import type { CaseIntake, OpenedCase } from '../store/case-records';
import type { TaskActionRecord } from '../store/task-records';
import {
  heardAfterEnd,
  institutionName,
  institutionText,
  lateWords,
  notObjectableWords,
  promiseLines,
  statusText,
} from './case-status';
import type { OutgoingContent } from './outgoing';

/** The dependencies for composing news. */
export interface NewsDeps {
  municipality: Municipality;
  say: Say;
}

export type NewsContent = Extract<OutgoingContent, { type: 'text' | 'buttons' | 'list' | 'link' }>;

export interface NewsMatter {
  /** The act that caused the news, by a department or the decider of an objection. */
  action:
    | (Pick<TaskActionRecord, 'words' | 'reason'> &
        Partial<Pick<TaskActionRecord, 'role' | 'subject' | 'pin' | 'neighbourhood' | 'street'>>)
    | null;
  /** Why the outcome cannot be disputed. Only for `notObjectable`. */
  refusal?: ObjectionRefusal | undefined;
  /** Epoch ms UTC. */
  now: number;
  /** The incident that the news are about; null for other news. */
  incident?: Pick<IncidentRecord, 'name' | 'words'> | null | undefined;
  /** The state of the leading case, if this one follows another. */
  leader: CaseProgress | null;
  /** The URL of the status page. */
  link: string | null;
}

/** The most characters of a message with buttons (Cloud API). */
const LONGEST_WITH_BUTTONS = 1_024;

/** Composes the message for one piece of news. */
export function newsContent(
  deps: NewsDeps,
  opened: OpenedCase,
  news: CitizenNews,
  matter: NewsMatter,
): NewsContent {
  const { action, leader, link, now, incident = null } = matter;
  const { caseNumber, intake, progress } = opened;
  const { municipality, say } = deps;
  const { language } = intake;
  const day = (at: number | null): string => townDay(municipality, language, at ?? progress.plan.resolveBy);
  const subject = categoryOf(municipality, intake.category.slug).name[language];
  const department = deskName(municipality, language, progress.plan.desk);
  const due = day(progress.plan.resolveBy);
  const words = action?.words ?? '';
  const text = (...paragraphs: string[]): NewsContent => ({ type: 'text', body: paragraphs.join('\n\n') });
  const asking = ({ body, buttons }: ReturnType<typeof surveyMessage>): NewsContent => {
    const replies = buttons.map(({ answer, title }) => ({ id: feedbackButtonId(caseNumber, answer), title }));
    return { type: 'buttons', body: withPage(body), buttons: replies };
  };
  const page = link === null ? [] : [say(language, 'statusLink', { url: link })];
  /** A message with buttons has a lower limit. Truncate the answer rather than the link. */
  const withPage = (body: string): string => {
    const whole = [body, ...page].join('\n\n');
    return Array.from(whole).length <= LONGEST_WITH_BUTTONS ? whole : body;
  };
  /** Paragraphs with a button that opens the status page. */
  const receipt = (...paragraphs: string[]): NewsContent => {
    const { body } = text(...paragraphs);
    return link === null
      ? { type: 'text', body }
      : { type: 'link', body, title: say(language, 'buttons.openCase', {}), url: link };
  };
  const canObject = mayObject(progress);
  /** An outcome with the objection button. */
  const disputable = (...paragraphs: string[]): NewsContent => {
    const body = withPage(paragraphs.join('\n\n'));
    if (!canObject || Array.from(body).length > LONGEST_WITH_BUTTONS) return { type: 'text', body };
    return {
      type: 'buttons',
      body,
      buttons: [{ id: tapId({ kind: 'objection', caseNumber }), title: say(language, 'buttons.object', {}) }],
    };
  };
  /** What the citizen's own correction changed. */
  const amended = (): string[] => {
    if (action?.role !== 'citizen') return [];
    const isPlaced = [action.pin, action.neighbourhood, action.street].some(value => value);
    const changes = [
      ...(action.subject ? [say(language, 'amendedSubject', { subject })] : []),
      ...(isPlaced ? [say(language, 'amendedPlace', { place: placeText(deps, intake) })] : []),
    ];
    return [[say(language, 'amended', { caseNumber }), ...changes].join('\n')];
  };
  const decider = (by: Decider): string => departmentOf(municipality, progress.plan.desk.slug)[by].name;
  const when = plannedText(deps, language, leader?.programme ?? progress.programme ?? noTime(progress));
  const notice = intake.withNotice ? [say(language, 'privacyNotice', {})] : [];

  const inSeason = seasonOf(municipality, intake.category.slug, intake.receivedAt.getTime());
  const season = inSeason ? [inSeason.words[language]] : [];
  const hazard = progress.hazard ? [say(language, 'hazard', {})] : [];
  const hazardElsewhere = (): string[] =>
    progress.hazard ? [say(language, 'hazardElsewhere', institutionText(deps, opened, leader))] : [];

  switch (news) {
    case 'acknowledged': {
      // Promise no target for a place outside the district: the desk may still find that the pin is wrong.
      if (intake.outside) return text(...outsideText(deps, opened), ...hazard, ...notice);
      if (intake.kind === 'thanks') {
        return text(say(language, 'thanksRecorded', { caseNumber, department }), ...notice);
      }
      if (intake.kind === 'suggestion') {
        return receipt(say(language, 'suggestionRecorded', { caseNumber, subject, department }), ...notice);
      }
      const place = placeText(deps, intake);
      const others = intake.similar ? [say(language, 'alsoReported', {})] : [];
      const body = say(language, news, { caseNumber, subject, place, department, due });
      return receipt(...season, body, ...hazard, ...wishesOf(deps, intake), ...others, ...notice);
    }
    case 'known': {
      const place = placeText(deps, intake);
      const knownDue = leader?.programme
        ? plannedText(deps, language, leader.programme)
        : leader
          ? day(leader.plan.resolveBy)
          : due;
      const body = say(language, news, { caseNumber, subject, place, department, due: knownDue });
      return receipt(...season, body, ...hazard, ...notice);
    }
    case 'incident': {
      const told = incident?.words[language] ?? incident?.words.tr ?? subject;
      return receipt(say(language, news, { caseNumber, words: told }), ...hazard, ...notice);
    }
    case 'incidentEnded': {
      const ended = say(language, news, { caseNumber, name: incident?.name ?? subject });
      if (progress.stage === 'resolved') return asking(surveyMessage(say, language, ended));
      return progress.stage === 'handedOff'
        ? disputable(ended, say(language, 'incidentPersists', institutionText(deps, opened, leader)))
        : text(ended, say(language, 'incidentStaysOpen', { department }));
    }
    case 'incidentLeft':
      return receipt(say(language, news, { caseNumber, department }), ...promiseLines(deps, opened, now));
    case 'handedOff':
      return disputable(...handOffText(deps, opened, leader, subject), ...hazardElsewhere(), ...notice);
    case 'passedOn': {
      const key = passedOnKeys[wayOf(opened, leader)];
      const why = words === '' ? whyOf(deps, opened) : words;
      const body = say(language, key, { caseNumber, words: why, ...institutionText(deps, opened, leader) });
      return disputable(body, ...hazardElsewhere());
    }
    case 'passedOnByDesk':
    case 'institutionTook': {
      const note = words === '' ? [] : [say(language, 'institutionNote', { words })];
      const { institution, phone } = institutionText(deps, opened, leader);
      return text([say(language, news, { caseNumber, institution, phone }), ...note].join('\n'));
    }
    case 'notPassedOn':
    case 'institutionSilent':
      return text(say(language, news, { caseNumber, ...institutionText(deps, opened, leader) }));
    case 'institutionDone': {
      const { institution } = institutionText(deps, opened, leader);
      const body = say(language, news, { caseNumber, institution, words });
      // The institution may answer after the time for objections.
      return objectionRefusal(progress, now) === null ? disputable(body) : text(body);
    }
    case 'returned': {
      const { institution } = institutionText(deps, opened, leader);
      return text(say(language, news, { caseNumber, institution, words, department, due }));
    }
    case 'waitingInstitution': {
      const institution =
        institutionName(deps, opened, progress.waitingFor?.slug) ?? progress.waitingFor?.name ?? '';
      return text(say(language, news, { caseNumber, department, institution, words }));
    }
    case 'question':
      return text(say(language, news, { caseNumber, department, words }));
    case 'scheduled':
      return text(say(language, news, { caseNumber, department, day: day(progress.plannedFor) }));
    case 'resolved':
    case 'partlyResolved':
      return asking(resolvedMessage(say, language, { caseNumber, department, words }, news));
    case 'planned':
      // Cases from before planned dates were stored ask whether the problem is solved.
      return progress.stage === 'resolved'
        ? asking(
            surveyMessage(say, language, say(language, 'plannedUndated', { caseNumber, department, words })),
          )
        : disputable(say(language, news, { caseNumber, department, when, words }));
    case 'planMoved':
      return disputable(say(language, news, { caseNumber, department, when, words }));
    case 'planPassed':
      return text(say(language, news, { caseNumber, department, when }));
    case 'interim':
      return text(say(language, news, { caseNumber, department, words }));
    case 'late':
      return text(...lateWords(deps, opened, now));
    case 'answered':
      return disputable(say(language, news, { caseNumber, department, words }));
    case 'objected': {
      const { by = 'chief', decideBy, since = now } = progress.objection ?? {};
      return text(say(language, news, { caseNumber, decider: decider(by), date: day(decideBy ?? since) }));
    }
    case 'notObjectable':
      return text(notObjectableWords(deps, opened, matter.refusal ?? 'underWay'));
    case 'objectionAccepted':
      return text(say(language, news, { caseNumber, department, due, words }));
    case 'outcomeConfirmed':
      return disputable(
        say(language, news, { caseNumber, words }),
        ...(canObject ? [] : [say(language, 'decidedFinally', {})]),
      );
    case 'answerUndone':
      return asking(surveyMessage(say, language, say(language, news, { caseNumber })));
    case 'surveyReminder':
      return asking(
        surveyMessage(say, language, say(language, news, { caseNumber, day: day(progress.closeAt) })),
      );
    case 'rejected': {
      const reason = municipality.texts[language].rejectionReasons[action?.reason ?? ''] ?? '';
      return disputable(say(language, news, { caseNumber, department, reason, words }));
    }
    case 'closed': {
      const closed = say(language, news, { caseNumber });
      return progress.feedback === 'solved'
        ? ratingQuestion(deps, language, { caseNumber, canObject }, closed)
        : text(closed);
    }
    case 'rerouted':
    case 'corrected':
      return text(...amended(), say(language, news, { caseNumber, department, due }));
    case 'amended':
      return text(...amended());
    case 'heardAfterEnd':
      return text(...amended(), heardAfterEnd(deps, opened, leader));
    case 'reopened':
      return text(
        say(language, news, { caseNumber, department, due }),
        ...(progress.answered ? [say(language, 'askReason', {})] : []),
      );
    case 'status':
      return receipt(statusText(deps, opened, now));
    case 'joined':
    case 'added':
    case 'managerDecides':
    case 'objectionWithdrawn':
    case 'withdrawn':
    case 'alreadyClosed':
      return text(say(language, news, { caseNumber }));
  }
}

/** Returns whether the outcome can be disputed at the time of the message about it. */
function mayObject(progress: CaseProgress): boolean {
  return objectionRefusal(progress, progress.endedAt ?? progress.resolvedAt ?? progress.receivedAt) === null;
}

const noTime = ({ plan }: CaseProgress): PlannedTime => ({ by: plan.resolveBy, precision: 'day' });

/**
 * A question whose answer would help the department. It is part of the acknowledgement, so that it neither costs a
 * message nor delays the case.
 */
function wishesOf({ municipality, say }: NewsDeps, intake: OpenedCase['intake']): string[] {
  const { language, photographed, location } = intake;
  const { question, photo } = categoryOf(municipality, intake.category.slug);
  const asked = question ? [say(language, 'alsoTell', { question: question[language] })] : [];
  const wishes = [
    // The owner depends on the road, so its name comes before any other question.
    ...(location?.roadGuessed ? [say(language, 'alsoRoad', {})] : asked),
    ...(photo && photographed === false ? [say(language, 'alsoPhoto', {})] : []),
  ];
  return wishes.length > 0 ? [wishes.join('\n')] : [];
}

/** Returns the place as understood: the address, otherwise the pin with its neighbourhood. */
function placeText({ say }: NewsDeps, intake: CaseIntake): string {
  const { neighbourhood, location, place, language } = intake;
  const isWritten = (location?.address ?? location?.street ?? null) !== null;
  if (place === null || isWritten) return placeLine(intake) ?? say(language, 'placeUnknown', {});
  const around = [place.name, neighbourhood?.name].filter(part => part).join(', ');
  return around === ''
    ? say(language, 'placePinnedOnly', {})
    : say(language, 'placePinned', { place: around });
}

/** How the matter of a case, or of its leading case, reaches the institution. */
function wayOf({ progress }: OpenedCase, leader: CaseProgress | null): HandOffWay | 'none' {
  return (progress.handOff ?? leader?.handOff)?.way ?? 'none';
}

const handedOffKeys = {
  none: 'handedOff',
  letter: 'handedOffByLetter',
  desk: 'handedOffToDesk',
} as const satisfies Record<HandOffWay | 'none', MessageKey>;

const passedOnKeys = {
  none: 'passedOn',
  letter: 'passedOnByLetter',
  desk: 'passedOnToDesk',
} as const satisfies Record<HandOffWay | 'none', MessageKey>;

/** Returns why the matter belongs to its institution. */
function whyOf({ municipality }: NewsDeps, { intake, progress }: OpenedCase): string {
  const slug = (progress.institution ?? intake.institution)?.slug ?? '';
  return municipality.institutions[slug]?.why[intake.language] ?? '';
}

/** Explains which institution owns a matter, why, and how to reach it (Law 3071, article 5). */
function handOffText(
  deps: NewsDeps,
  opened: OpenedCase,
  leader: CaseProgress | null,
  subject: string,
): string[] {
  const { caseNumber, intake } = opened;
  const { language, handOff } = intake;
  const owner = institutionText(deps, opened, leader);
  const slug = (opened.progress.institution ?? intake.institution)?.slug ?? '';
  const why = handOff?.why ?? whyOf(deps, opened);
  const website = handOff?.website ?? deps.municipality.institutions[slug]?.website;
  const way = wayOf(opened, leader);
  const key = way === 'desk' && opened.progress.hazard ? 'handedOffToDuty' : handedOffKeys[way];
  return [
    deps.say(language, key, { caseNumber, subject, ...owner, why }),
    ...(website ? [deps.say(language, 'institutionWebsite', { website })] : []),
  ];
}

/** Explains that a pin lies outside the district, and names the municipality there if known. */
function outsideText({ say }: NewsDeps, { caseNumber, intake }: OpenedCase): string[] {
  const { language, location } = intake;
  const neighbour = location?.neighbour;
  const contact = neighbour && [neighbour.phone, neighbour.website].filter(part => part !== null).join(', ');
  return [
    say(language, 'outsideDistrict', { caseNumber }),
    ...(neighbour && contact ? [say(language, 'outsideNeighbour', { name: neighbour.name, contact })] : []),
  ];
}

/** Returns a message with the optional rating list. Its last row serves citizens who confirmed too soon. */
function ratingQuestion(
  { say }: { say: Say },
  language: Language,
  { caseNumber, canObject }: { caseNumber: string; canObject: boolean },
  words: string,
): Extract<OutgoingContent, { type: 'list' }> {
  const stars = ratings.map(rating => ({
    id: tapId({ kind: 'rating', rating, caseNumber }),
    title: say(language, `buttons.rating${rating}`, {}),
  }));
  const objection = {
    id: tapId({ kind: 'objection', caseNumber }),
    title: say(language, 'buttons.object', {}),
  };
  return {
    type: 'list',
    body: [words, say(language, 'askRating', {})].join('\n\n'),
    open: say(language, 'buttons.rate', {}),
    rows: canObject ? [...stars, objection] : stars,
  };
}
