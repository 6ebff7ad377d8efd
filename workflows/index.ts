export { accountNotice } from './scheduled';
export { citizenCall } from './citizen-call';
export { conversation } from './conversation';
export { departmentDigest } from './scheduled';
export { reportCase } from './report-case';
export { reconcile } from './scheduled';
export { retention } from './scheduled';
export { weeklyLetter } from './scheduled';
