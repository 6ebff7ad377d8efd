import type { CaseIntake, CaseProgress } from '../../store/case-records';
import type { TaskLink } from '../../store/task-records';
import type { Sight } from '../access';

/** A task link with the case behind it and what it opens now. */
export interface OpenedTask {
  link: TaskLink;
  intake: CaseIntake;
  progress: CaseProgress;
  sight: Exclude<Sight, 'nothing'>;
}
