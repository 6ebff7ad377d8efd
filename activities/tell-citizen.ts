import type { TemplateName } from '../src/config/schemas/templates';
import type { CitizenNews } from '../src/domain/case-events';
import type { TaskActionRecord } from '../src/store/task-records';
import type { TemplateContent } from '../src/whatsapp/outgoing';
import { newsContent, type NewsContent } from './case-news';
import { caseOf, type OpenedCase } from './case-of';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { statusLink } from './status-link';

export function tellCitizen(deps: Deps): Activities['tellCitizen'] {
  const { store, citizenOutbox } = deps;
  return async ({ caseNumber, effect, news, actionId }) => {
    const opened = await caseOf(store, caseNumber);
    const action = actionId ? await store.tasks.action(actionId) : null;
    const { leader } = opened.progress;
    const content = newsContent(deps, opened, news, {
      action,
      leader: leader === null ? null : ((await store.cases.get(leader))?.progress ?? null),
      link: isFirst(news) ? await statusLink(deps, caseNumber) : null,
    });
    await citizenOutbox.send({
      key: `${caseNumber}:${effect}`,
      citizenId: opened.intake.citizenId,
      caseNumber,
      content,
      outsideWindow: templatesFor(opened, content, action),
    });
  };
}

/** News that tells the citizen of the case for the first time. */
function isFirst(news: CitizenNews): boolean {
  return news === 'acknowledged' || news === 'known';
}

/**
 * The same news as approved templates: cases take days, and the window closes after one (Cloud API). The general one
 * comes last, for the time in which Meta has paused a more special one.
 */
function templatesFor(
  { caseNumber, intake, progress }: OpenedCase,
  content: NewsContent,
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
