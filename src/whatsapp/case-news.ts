import { surveyMessage, resolvedMessage } from '../config/texts';
import { categoryOf } from '../config/offices';
import type { CitizenNews } from '../domain/case/case-events';
import { feedbackButtonId } from '../domain/identifiers';
import type { CaseProgress, OpenedCase } from '../store/case-records';
import type { TaskActionRecord } from '../store/task-records';
import { handOffWords, institutionName, institutionText, outsideWords } from './elsewhere-words';
import type { NewsDeps } from './news-deps';
import type { OutgoingContent } from './outgoing';
import { ratingQuestion } from './rating-question';
import { statusWords } from './status-words';
import { townDay, townTime } from './town-time';

export type NewsContent = Extract<OutgoingContent, { type: 'text' | 'buttons' | 'list' }>;

export interface NewsMatter {
  /** The department's act behind the news. */
  action: Pick<TaskActionRecord, 'words' | 'reason'> | null;
  /** The state of the case that this one follows. */
  leader: CaseProgress | null;
  /** The citizen's page of the case. */
  link: string | null;
}

/** A piece of news for the citizen in words. */
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

/** What would help the department: told with the acknowledgement, so that it costs no turn and holds up nothing. */
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
