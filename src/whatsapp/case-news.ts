import { DateTime } from 'luxon';
import type { Municipality } from '../config/municipality';
import { categoryOf, departmentOf } from '../config/offices';
import { type Language, resolvedMessage, type Say, surveyMessage } from '../config/texts';
import type { CitizenNews } from '../domain/case/case-events';
import { feedbackButtonId } from '../domain/identifiers';
import { ratings, tapId } from '../domain/talk/taps';
import { AppError } from '../errors';
import type { CaseIntake, OpenedCase } from '../store/case-records';
import type { CaseProgress } from '../domain/case/case';
import type { TaskActionRecord } from '../store/task-records';
import type { OutgoingContent } from './outgoing';

/** The dependencies for composing news. */
export interface NewsDeps {
  municipality: Municipality;
  say: Say;
}

export type NewsContent = Extract<OutgoingContent, { type: 'text' | 'buttons' | 'list' }>;

export interface NewsMatter {
  /** The department's act that caused the news. */
  action: Pick<TaskActionRecord, 'words' | 'reason'> | null;
  /** The state of the leading case, if this one follows another. */
  leader: CaseProgress | null;
  /** The URL of the status page. */
  link: string | null;
}

/** Composes the message for one piece of news. */
export function newsContent(
  deps: NewsDeps,
  opened: OpenedCase,
  news: CitizenNews,
  { action, leader, link }: NewsMatter,
): NewsContent {
  const { caseNumber, intake, progress } = opened;
  const { municipality, say } = deps;
  const { language } = intake;
  const time = (at: Date | number): string => townTime(municipality, language, at);
  const day = (at: number | null): string => townDay(municipality, language, at ?? progress.plan.resolveBy);
  const subject = categoryOf(municipality, intake.category.slug).name[language];
  const department = progress.plan.desk.name;
  const due = time(progress.plan.resolveBy);
  const words = action?.words ?? '';
  const text = (...paragraphs: string[]): NewsContent => ({ type: 'text', body: paragraphs.join('\n\n') });
  const asking = ({ body, buttons }: ReturnType<typeof surveyMessage>): NewsContent => {
    const replies = buttons.map(({ answer, title }) => ({ id: feedbackButtonId(caseNumber, answer), title }));
    return { type: 'buttons', body, buttons: replies };
  };
  const registered = { caseNumber, date: time(intake.receivedAt), subject };
  const notice = intake.withNotice
    ? [say(language, 'privacyNotice', { url: municipality.privacyNoticeUrl })]
    : [];

  const page = link === null ? [] : [say(language, 'statusLink', { url: link })];

  switch (news) {
    case 'acknowledged': {
      if (intake.kind === 'suggestion') {
        return text(say(language, 'suggestionRecorded', { ...registered, department }), ...page, ...notice);
      }
      const place = placeWords(deps, intake);
      const outside = intake.outside ? outsideWords(deps, intake) : [];
      const wishes = intake.outside ? [] : wishesOf(deps, intake);
      const others = intake.similar ? [say(language, 'alsoReported', {})] : [];
      const body = say(language, news, { ...registered, place, department, due });
      return text(body, ...wishes, ...others, ...page, ...outside, ...notice);
    }
    case 'known': {
      const place = placeWords(deps, intake);
      const knownDue = leader ? time(leader.plan.resolveBy) : due;
      const body = say(language, news, { ...registered, place, department, due: knownDue });
      return text(body, ...page, ...notice);
    }
    case 'handedOff':
      return text(...handOffWords(deps, opened, leader, registered), ...notice);
    case 'passedOn':
      return text(say(language, news, { caseNumber, words, ...institutionText(deps, opened, leader) }));
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
    case 'planned':
      return asking(resolvedMessage(say, language, { caseNumber, department, words }, news));
    case 'answered':
      return text(say(language, news, { caseNumber, department, words }));
    case 'surveyReminder':
      return asking(
        surveyMessage(say, language, say(language, news, { caseNumber, day: day(progress.closeAt) })),
      );
    case 'rejected': {
      const reason = municipality.texts[language].rejectionReasons[action?.reason ?? ''] ?? '';
      return text(say(language, news, { caseNumber, department, reason, words }));
    }
    case 'closed': {
      const closed = say(language, news, { caseNumber });
      return progress.feedback === 'solved'
        ? ratingQuestion(deps, language, caseNumber, closed)
        : text(closed);
    }
    case 'rerouted':
    case 'reopened':
      return text(say(language, news, { caseNumber, department, due }));
    case 'status':
      return text(statusWords(deps, opened));
    case 'joined':
    case 'added':
    case 'managerDecides':
    case 'withdrawn':
    case 'alreadyClosed':
      return text(say(language, news, { caseNumber }));
  }
}

/**
 * A question whose answer would help the department. It is part of the acknowledgement, so that it neither costs a
 * message nor delays the case.
 */
function wishesOf({ municipality, say }: NewsDeps, intake: OpenedCase['intake']): string[] {
  const { language, photographed } = intake;
  const { question, photo } = categoryOf(municipality, intake.category.slug);
  const wishes = [
    ...(question ? [say(language, 'alsoTell', { question: question[language] })] : []),
    ...(photo && photographed === false ? [say(language, 'alsoPhoto', {})] : []),
  ];
  return wishes.length > 0 ? [wishes.join('\n')] : [];
}

function placeWords({ say }: NewsDeps, { neighbourhood, place, language }: OpenedCase['intake']): string {
  const pin = place && `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  const known = [neighbourhood?.name, place?.name ?? pin].filter(part => part);
  return known.length > 0 ? known.join(' – ') : say(language, 'placeUnknown', {});
}

/** Returns the name of an institution in the citizen's language. */
function institutionName({ municipality }: NewsDeps, { intake }: OpenedCase, slug = ''): string | undefined {
  return municipality.institutions[slug]?.name[intake.language];
}

/** Returns the institution that owns the matter. A following case was handed off together with its leader. */
function institutionText(
  deps: NewsDeps,
  opened: OpenedCase,
  leader: CaseProgress | null,
): { institution: string; phone: string } {
  const owner = opened.progress.institution ?? leader?.institution ?? opened.intake.institution;
  if (!owner) throw new AppError('case-missing', { reason: 'institution' });
  return {
    institution: institutionName(deps, opened, owner.slug) ?? owner.name,
    phone: deps.municipality.institutions[owner.slug]?.phone ?? deps.municipality.callCentre.phone,
  };
}

/** Explains which institution owns a matter, why, and how to reach it (Law 3071, article 5). */
function handOffWords(
  deps: NewsDeps,
  opened: OpenedCase,
  leader: CaseProgress | null,
  registered: { caseNumber: string; date: string; subject: string },
): string[] {
  const { intake } = opened;
  const { language, handOff } = intake;
  const owner = institutionText(deps, opened, leader);
  const slug = (opened.progress.institution ?? intake.institution)?.slug ?? '';
  const why = handOff?.why ?? deps.municipality.institutions[slug]?.why[language] ?? '';
  const website = handOff?.website ?? deps.municipality.institutions[slug]?.website;
  return [
    deps.say(language, 'handedOff', { ...registered, ...owner, why }),
    ...(website ? [deps.say(language, 'institutionWebsite', { website })] : []),
  ];
}

/** Explains that a pin lies outside the district, and names the municipality there if known. */
function outsideWords({ say }: NewsDeps, { language, location }: CaseIntake): string[] {
  const neighbour = location?.neighbour;
  const contact = neighbour && [neighbour.phone, neighbour.website].filter(part => part !== null).join(', ');
  return [
    say(language, 'outsideDistrict', {}),
    ...(neighbour && contact ? [say(language, 'outsideNeighbour', { name: neighbour.name, contact })] : []),
  ];
}

/** Returns a message with the optional rating list. */
function ratingQuestion(
  { say }: { say: Say },
  language: Language,
  caseNumber: string,
  words: string,
): Extract<OutgoingContent, { type: 'list' }> {
  return {
    type: 'list',
    body: [words, say(language, 'askRating', {})].join('\n\n'),
    open: say(language, 'buttons.rate', {}),
    rows: ratings.map(rating => ({
      id: tapId({ kind: 'rating', rating, caseNumber }),
      title: say(language, `buttons.rating${rating}`, {}),
    })),
  };
}

/** Returns the state of a case as one message. */
export function statusWords(
  { municipality, say }: NewsDeps,
  { caseNumber, intake, progress }: OpenedCase,
): string {
  const { language } = intake;
  return say(language, 'status', {
    caseNumber,
    stage: say(language, `stages.${progress.stage}`, {}),
    department: progress.institution?.name ?? departmentOf(municipality, progress.plan.desk.slug).name,
    due: townTime(municipality, language, progress.plan.resolveBy),
  });
}

/** Formats an instant for citizens in the municipality's time zone, "25 Kasım 2026 10.30". */
export function townTime(
  { timeZone }: Pick<Municipality, 'timeZone'>,
  language: Language,
  at: Date | number,
): string {
  const format = language === 'tr' ? 'd LLLL yyyy HH.mm' : 'd LLLL yyyy, HH:mm';
  return DateTime.fromMillis(Number(at), { zone: timeZone, locale: language }).toFormat(format);
}

/** Formats a date for citizens in the municipality's time zone, "25 Kasım 2026". */
export function townDay(
  { timeZone }: Pick<Municipality, 'timeZone'>,
  language: Language,
  at: number,
): string {
  return DateTime.fromMillis(at, { zone: timeZone, locale: language }).toFormat('d LLLL yyyy');
}
