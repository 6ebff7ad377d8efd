export { conversation } from './conversation';
export { departmentDigest } from './department-digest';
export { reportCase } from './report-case';
export { reconcile } from './reconcile';
export { weeklyLetter } from './weekly-letter';
