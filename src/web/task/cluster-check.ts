import { isWithDepartment } from '../../domain/case/case';
import type { Store } from '../../store/store';
import type { OpenedTask } from './task-door';

/** One answer for whatever is wrong with the number: it must not tell what other departments have. */
const noSuchCase = 'Müdürlüğünüzde bu numarayla açık bir kayıt yok.';

/** What is wrong with the case that another one is to follow, in Turkish; null when nothing is. */
export async function leaderError(
  { cases }: Pick<Store, 'cases'>,
  { link }: Pick<OpenedTask, 'link'>,
  leader: string | null,
): Promise<string | null> {
  if (leader === null) return null;
  if (leader === link.caseNumber) return 'Kayıt kendisine bağlanamaz; başka bir numara yazınız.';
  const progress = (await cases.get(leader))?.progress;
  if (progress?.plan.desk.slug !== link.department || !isWithDepartment(progress.stage)) return noSuchCase;
  if (progress.leader === null) return null;
  return `Bu kayıt ${progress.leader} kaydına bağlı; lütfen o numarayı yazınız.`;
}
