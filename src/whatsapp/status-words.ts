import { departmentOf } from '../config/offices';
import type { OpenedCase } from '../store/case-records';
import type { NewsDeps } from './news-deps';
import { townTime } from './town-time';

/** Where a case stands, in one message. */
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
