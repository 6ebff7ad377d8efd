import { resolvedMessage } from '../src/config/resolved-message';
import type { TemplateName } from '../src/config/schemas/templates';
import { categoryOf, departmentOf } from '../src/config/offices';
import { feedbackButtonId } from '../src/domain/identifiers';
import { AppError } from '../src/errors';
import type { TaskActionRecord } from '../src/store/task-records';
import type { OutgoingContent, TemplateContent } from '../src/whatsapp/outgoing';
import { caseOf, type OpenedCase } from './case-of';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { statusLink } from './status-link';
import { townTime } from './town-time';

type MessageContent = Extract<OutgoingContent, { type: 'text' | 'buttons' }>;
type News = Parameters<Activities['tellCitizen']>[0]['news'];

export function tellCitizen(deps: Deps): Activities['tellCitizen'] {
  const { store, citizenOutbox } = deps;
  return async ({ caseNumber, effect, news, actionId }) => {
    const opened = await caseOf(store, caseNumber);
    const action = actionId ? await store.tasks.action(actionId) : null;
    const link = news === 'acknowledged' ? await statusLink(deps, caseNumber) : null;
    const content = contentOf(deps, opened, news, action, link);
    await citizenOutbox.send({
      key: `${caseNumber}:${effect}`,
      citizenId: opened.intake.citizenId,
      caseNumber,
      content,
      outsideWindow: templatesFor(opened, content, action),
    });
  };
}

function contentOf(
  deps: Deps,
  { caseNumber, intake, progress }: OpenedCase,
  news: News,
  action: TaskActionRecord | null,
  link: string | null,
): MessageContent {
  const { municipality, say } = deps;
  const { language } = intake;
  const time = (at: Date | number): string => townTime(municipality, language, at);
  const subject = categoryOf(municipality, intake.category.slug).name[language];
  const department = progress.plan.desk.name;
  const due = time(progress.plan.resolveBy);
  const text = (...paragraphs: string[]): MessageContent => ({
    type: 'text',
    body: paragraphs.join('\n\n'),
  });
  const notice = intake.withNotice
    ? [say(language, 'privacyNotice', { url: municipality.privacyNoticeUrl })]
    : [];

  switch (news) {
    case 'acknowledged': {
      const place = placeWords(deps, intake);
      const date = time(intake.receivedAt);
      const outside = intake.outside ? [say(language, 'outsideDistrict', {})] : [];
      return text(
        say(language, 'acknowledged', { caseNumber, date, subject, place, department, due }),
        ...(link === null ? [] : [say(language, 'statusLink', { url: link })]),
        ...outside,
        ...notice,
      );
    }
    case 'handedOff': {
      const institution = municipality.institutions[intake.institution?.slug ?? ''];
      if (!institution) throw new AppError('case-missing', { reason: 'institution' });
      const { name, phone } = institution;
      const date = time(intake.receivedAt);
      return text(
        say(language, 'handedOff', { caseNumber, date, subject, institution: name[language], phone }),
        ...notice,
      );
    }
    case 'resolved': {
      const { body, buttons } = resolvedMessage(say, language, {
        caseNumber,
        department,
        words: action?.words ?? '',
      });
      const replies = buttons.map(({ answer, title }) => ({
        id: feedbackButtonId(caseNumber, answer),
        title,
      }));
      return { type: 'buttons', body, buttons: replies };
    }
    case 'rejected': {
      const reason = municipality.texts[language].rejectionReasons[action?.reason ?? ''] ?? '';
      return text(say(language, 'rejected', { caseNumber, department, reason, words: action?.words ?? '' }));
    }
    case 'rerouted':
    case 'reopened':
      return text(say(language, news, { caseNumber, department, due }));
    case 'status':
      return text(statusWords(deps, { caseNumber, intake, progress }));
    case 'added':
    case 'closed':
    case 'alreadyClosed':
      return text(say(language, news, { caseNumber }));
  }
}

/**
 * The same news as approved templates: cases take days, and the window closes after one (Cloud API). The general one
 * comes last, for the time in which Meta has paused a more special one.
 */
function templatesFor(
  { caseNumber, intake, progress }: OpenedCase,
  content: MessageContent,
  action: TaskActionRecord | null,
): TemplateContent[] {
  const { language } = intake;
  const template = (
    name: TemplateName,
    parameters: string[],
    replyIds: readonly string[] = [],
  ): TemplateContent => ({ type: 'template', name, language, parameters, replyIds });
  const general = template('case_update', [caseNumber, content.body]);
  if (content.type === 'text') return [general];
  const replyIds = content.buttons.map(({ id }) => id);
  return [
    template('case_resolved', [caseNumber, progress.plan.desk.name, action?.words ?? ''], replyIds),
    general,
  ];
}

/** Where a case stands, in one message. */
export function statusWords(
  { municipality, say }: Deps,
  { caseNumber, intake, progress }: OpenedCase,
): string {
  const { language } = intake;
  return say(language, 'status', {
    caseNumber,
    stage: say(language, `stages.${progress.stage}`, {}),
    department: intake.institution?.name ?? departmentOf(municipality, progress.plan.desk.slug).name,
    due: townTime(municipality, language, progress.plan.resolveBy),
  });
}

function placeWords({ say }: Deps, { neighbourhood, place, language }: OpenedCase['intake']): string {
  const pin = place && `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  const known = [neighbourhood?.name, place?.name ?? pin].filter(part => part);
  return known.length > 0 ? known.join(' – ') : say(language, 'placeUnknown', {});
}
