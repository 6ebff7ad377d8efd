import { attributeTypes } from '../domain/case/attributes';

/** Every search attribute to register, with its type; dev server, test server and compose use this list. */
export const searchAttributes: Readonly<Record<string, 'Keyword' | 'Datetime' | 'Int' | 'Bool'>> =
  attributeTypes;
