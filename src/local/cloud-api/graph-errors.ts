import { randomBytes } from 'node:crypto';

/** One refusal of the Graph API: what the caller gets, and the HTTP status it comes with. */
export interface GraphError {
  status: number;
  code: number;
  title: string;
  details?: string;
  subcode?: number;
  type?: 'OAuthException' | 'GraphMethodException';
}

/** Titles and HTTP statuses per code, from Meta's error reference. */
const known = {
  100: { status: 400, title: 'Invalid parameter' },
  130429: { status: 400, title: 'Rate limit hit' },
  131000: { status: 500, title: 'Something went wrong' },
  131008: { status: 400, title: 'Required parameter is missing' },
  131009: { status: 400, title: 'Parameter value is not valid' },
  131026: { status: 400, title: 'Message undeliverable' },
  131047: { status: 400, title: 'Re-engagement message' },
  131053: { status: 400, title: 'Media upload error' },
  131056: { status: 400, title: '(Business Account, Consumer Account) pair rate limit hit' },
  132000: { status: 400, title: 'Number of parameters does not match the expected number of params' },
  132001: { status: 404, title: 'Template name does not exist in the translation' },
  132005: { status: 400, title: 'Translated text too long' },
  132012: { status: 400, title: 'Parameter format does not match format in the created template' },
} as const;

export type KnownCode = keyof typeof known;

export const graphError = (code: KnownCode, details: string): GraphError => ({
  ...known[code],
  code,
  details,
});

/** Code 100 as the Cloud API words it: the whole sentence is the title, without details. */
export const invalidParameter = (sentence: string): GraphError => ({
  status: 400,
  code: 100,
  title: sentence,
});

export const badToken = (): GraphError => ({
  status: 401,
  code: 190,
  title: 'Invalid OAuth access token - Cannot parse access token',
});

export const unknownObject = (id: string, verb: 'get' | 'post' | 'delete'): GraphError => ({
  status: 400,
  code: 100,
  subcode: 33,
  type: 'GraphMethodException',
  title:
    `Unsupported ${verb} request. Object with ID '${id}' does not exist, cannot be loaded due to missing ` +
    'permissions, or does not support this operation. Please read the Graph API documentation at ' +
    'https://developers.facebook.com/docs/graph-api',
});

export const unknownPath = (path: string): GraphError => ({
  status: 400,
  code: 2500,
  title: `Unknown path components: ${path}`,
});

/** The body of an error answer. */
export function errorBody(error: GraphError): object {
  const plain = error.code === 190 || error.code === 2500 || error.subcode !== undefined;
  return {
    error: {
      message: plain ? error.title : `(#${error.code}) ${error.title}`,
      type: error.type ?? 'OAuthException',
      code: error.code,
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      ...(error.details === undefined
        ? {}
        : { error_data: { messaging_product: 'whatsapp', details: error.details } }),
      fbtrace_id: randomBytes(17).toString('base64url'),
    },
  };
}

/** The same refusal as it stands in `statuses[].errors` of a webhook. */
export const webhookError = (error: GraphError): object => ({
  code: error.code,
  title: error.title,
  message: error.title,
  error_data: { details: error.details ?? error.title },
  href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
});
