export { conversation } from './conversation';
export { departmentDigest } from './department-digest';
export { reportCase } from './report-case';
