export { conversation } from './conversation';
export { reportCase } from './report-case';
