import { randomBytes } from 'node:crypto';

/** An error response of the Graph API with its HTTP status. */
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
  0: { status: 401, title: 'AuthException' },
  2: { status: 503, title: 'API Service' },
  4: { status: 400, title: 'API Too Many Calls' },
  10: { status: 403, title: 'API Permission Denied' },
  100: { status: 400, title: 'Invalid parameter' },
  190: { status: 401, title: 'Access token has expired' },
  200: { status: 403, title: 'API Permission' },
  368: { status: 403, title: 'Temporarily blocked for policies violations' },
  80007: { status: 400, title: 'Rate limit issues' },
  130429: { status: 400, title: 'Rate limit hit' },
  130472: { status: 400, title: "User's number is part of an experiment" },
  130497: { status: 403, title: 'Business account is restricted from messaging users in this country' },
  131000: { status: 500, title: 'Something went wrong' },
  131008: { status: 400, title: 'Required parameter is missing' },
  131009: { status: 400, title: 'Parameter value is not valid' },
  131016: { status: 500, title: 'Service unavailable' },
  131021: { status: 400, title: 'Recipient cannot be sender' },
  131026: { status: 400, title: 'Message undeliverable' },
  131030: { status: 400, title: 'Recipient phone number not in allowed list' },
  131031: { status: 403, title: 'Account has been locked' },
  131037: { status: 400, title: 'Display name approval is needed' },
  131042: { status: 400, title: 'Business eligibility payment issue' },
  131047: { status: 400, title: 'Re-engagement message' },
  131048: { status: 400, title: 'Spam rate limit hit' },
  131049: { status: 400, title: 'Meta chose not to deliver' },
  131050: { status: 400, title: 'User has stopped receiving marketing messages' },
  131051: { status: 400, title: 'Unsupported message type' },
  131052: { status: 400, title: 'Media download error' },
  131053: { status: 400, title: 'Media upload error' },
  131056: { status: 400, title: '(Business Account, Consumer Account) pair rate limit hit' },
  131057: { status: 500, title: 'Account in maintenance mode' },
  131062: { status: 400, title: 'Business-scoped user id is not supported for this message' },
  131064: { status: 400, title: 'Messaging limit reached' },
  132000: { status: 400, title: 'Number of parameters does not match the expected number of params' },
  132001: { status: 404, title: 'Template name does not exist in the translation' },
  132005: { status: 400, title: 'Translated text too long' },
  132007: { status: 400, title: 'Template format character policy violated' },
  132012: { status: 400, title: 'Parameter format does not match format in the created template' },
  132015: { status: 400, title: 'Template is paused' },
  132016: { status: 400, title: 'Template is disabled' },
  133010: { status: 400, title: 'Phone number not registered' },
  133016: { status: 400, title: 'Account register deregister rate limit exceeded' },
  137000: { status: 400, title: 'Identity key mismatch' },
} as const;

export type KnownCode = keyof typeof known;

export const isKnownCode = (code: number): code is KnownCode => Object.hasOwn(known, code);

export const graphError = (code: KnownCode, details: string): GraphError => ({
  ...known[code],
  code,
  details,
});

/** Error 100 in the Cloud API's format: the title is the whole sentence, without details. */
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

/** Returns the body of an error response. */
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

/** Returns the same error in the format of `statuses[].errors` in webhooks. */
export const webhookError = (error: GraphError): object => ({
  code: error.code,
  title: error.title,
  message: error.title,
  error_data: { details: error.details ?? error.title },
  href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
});
