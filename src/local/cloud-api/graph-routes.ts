import { Router, type RouterContext } from '@koa/router';
import type { z } from 'zod';
import type { Faults } from './faults';
import {
  badToken,
  errorBody,
  graphError,
  type GraphError,
  invalidParameter,
  unknownObject,
  unknownPath,
} from './graph-errors';
import type { BusinessNumber } from './envelopes';
import { type MediaStore, readBytes, readUpload } from './media';
import { readBody, sendBody, type SendBody } from './message-body';
import type { Sending } from './sending';

export interface GraphDeps {
  line: BusinessNumber;
  accessToken: string;
  /** The newest version. It and the versions of the two years before are accepted. */
  graphVersion: string;
  sending: Sending;
  media: MediaStore;
  faults: Faults;
}

const OLDEST_VERSION = 21;
const MESSAGE_BYTES = 1024 * 1024;
const majorOf = (version: string): number => Number(/^v(\d+)\.\d+$/.exec(version)?.[1] ?? 0);

const refuse = (ctx: RouterContext, error: GraphError): void => {
  ctx.status = error.status;
  if (error.status === 401) ctx.set('www-authenticate', 'OAuth "Facebook Platform" "invalid_token"');
  ctx.body = errorBody(error);
};

async function readJson(ctx: RouterContext): Promise<unknown> {
  try {
    const parsed: unknown = JSON.parse((await readBytes(ctx.req, MESSAGE_BYTES)).toString('utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

const isReadReceipt = (body: object): boolean => 'status' in body;

/** The Cloud API's paths below `/graph/{version}`, and the media download URL. */
export function graphRoutes(deps: GraphDeps): Router {
  const { line, sending, media, faults } = deps;
  const router = new Router();

  const authorized = (ctx: RouterContext): boolean =>
    ctx.get('authorization') === `Bearer ${deps.accessToken}`;

  /** Returns Meta's error for a request, checked in Meta's order; undefined if it is valid. */
  const gate = (ctx: RouterContext): GraphError | undefined => {
    const major = majorOf(ctx.params['version'] ?? '');
    if (major < OLDEST_VERSION || major > majorOf(deps.graphVersion)) return unknownPath(ctx.path);
    return authorized(ctx) ? undefined : badToken();
  };
  const gatedByNumber = (ctx: RouterContext): GraphError | undefined => {
    const id = ctx.params['id'] ?? '';
    return gate(ctx) ?? (id === line.phoneNumberId ? undefined : unknownObject(id, 'post'));
  };

  /** Delays the response of an accepted send and closes the connection, which the sender sees as a time-out. */
  const neverAnswer = (ctx: RouterContext, holdMs: number): void => {
    ctx.respond = false;
    const timer = setTimeout(() => ctx.req.socket.destroy(), holdMs);
    ctx.req.socket.once('close', () => clearTimeout(timer));
  };

  const sendMessage = (ctx: RouterContext, message: SendBody): void => {
    const fault = faults.takeForSend(sending.addressee(message)?.citizen.id);
    if (fault?.kind === 'rate-limit-429') {
      refuse(ctx, { ...graphError(130429, 'Rate limit hit (injected fault)'), status: 429 });
      return;
    }
    if (fault?.kind === 'server-error-500') {
      refuse(ctx, graphError(131000, 'Something went wrong (injected fault)'));
      return;
    }
    if (fault?.kind === 'graph-error') {
      refuse(ctx, graphError(fault.code, 'Injected fault'));
      return;
    }
    const failure = fault?.kind === 'failed-status' ? graphError(fault.code, 'Injected fault') : undefined;
    const outcome = sending.send(message, failure);
    if ('error' in outcome) refuse(ctx, outcome.error);
    else if (fault?.kind === 'time-out-after-accept') neverAnswer(ctx, fault.holdMs);
    else ctx.body = outcome.accepted;
  };

  router.post('/graph/:version/:id/messages', async ctx => {
    const stop = gatedByNumber(ctx);
    if (stop !== undefined) return refuse(ctx, stop);
    const json = await readJson(ctx);
    const body = typeof json === 'object' && json !== null ? json : {};
    if (isReadReceipt(body)) {
      const receipt = readBody.safeParse(body);
      if (!receipt.success) return refuse(ctx, shapeError(body, receipt.error));
      const outcome = sending.markRead(receipt.data);
      if ('error' in outcome) refuse(ctx, outcome.error);
      else ctx.body = outcome.accepted;
      return;
    }
    const message = sendBody.safeParse({ type: 'text', ...body });
    if (!message.success) return refuse(ctx, shapeError({ type: 'text', ...body }, message.error));
    sendMessage(ctx, message.data);
  });

  router.post('/graph/:version/:id/media', async ctx => {
    const stop = gatedByNumber(ctx);
    if (stop !== undefined) return refuse(ctx, stop);
    const upload = await readUpload(ctx.req);
    if ('error' in upload) return refuse(ctx, upload.error);
    ctx.body = { id: media.put(upload.bytes, upload.about).id };
  });

  router.get('/graph/:version/:id', ctx => {
    const stop = gate(ctx);
    if (stop !== undefined) return refuse(ctx, stop);
    const id = ctx.params['id'] ?? '';
    if (id === line.phoneNumberId) {
      ctx.body = {
        verified_name: line.verifiedName,
        display_phone_number: line.displayPhoneNumber,
        quality_rating: 'GREEN',
        id,
      };
      return;
    }
    const item = media.get(id);
    const asked = ctx.query['phone_number_id'];
    if (item === undefined || (asked !== undefined && asked !== line.phoneNumberId)) {
      return refuse(ctx, unknownObject(id, 'get'));
    }
    ctx.body = {
      url: `${ctx.protocol}://${ctx.host}/lookaside/whatsapp_business/attachments/?${media.ticket(id).toString()}`,
      mime_type: item.mimeType,
      sha256: item.sha256,
      file_size: item.size,
      id,
      messaging_product: 'whatsapp',
    };
  });

  router.delete('/graph/:version/:id', ctx => {
    const stop = gate(ctx);
    if (stop !== undefined) return refuse(ctx, stop);
    const id = ctx.params['id'] ?? '';
    if (media.get(id) === undefined) return refuse(ctx, unknownObject(id, 'delete'));
    media.remove(id);
    ctx.body = { success: true };
  });

  router.get('/lookaside/whatsapp_business/attachments/', ctx => {
    const { mid, ext, hash } = ctx.query;
    if (!authorized(ctx)) return refuse(ctx, badToken());
    if (typeof mid !== 'string' || typeof ext !== 'string' || typeof hash !== 'string') {
      ctx.status = 404;
      return;
    }
    const item = media.get(mid);
    if (item === undefined || !media.admits(mid, ext, hash)) {
      ctx.status = 404;
      return;
    }
    ctx.type = item.mimeType;
    ctx.body = media.read(item);
  });

  router.all('/graph{/*rest}', ctx => refuse(ctx, authorized(ctx) ? unknownPath(ctx.path) : badToken()));
  return router;
}

/** Formats a path as Meta does: `interactive['action']['buttons'][0]`. */
function paramName(path: readonly PropertyKey[]): string {
  const [head, ...rest] = path;
  return (
    String(head ?? 'body') +
    rest.map(step => (typeof step === 'number' ? `[${step}]` : `['${String(step)}']`)).join('')
  );
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    input,
  );

/**
 * Returns the first schema error of a message in Meta's format: 100 for a missing top-level parameter, 131008 for a
 * missing nested one, 100 for a wrong type or value.
 */
function shapeError(input: unknown, error: z.ZodError): GraphError {
  const issue = error.issues[0];
  if (issue === undefined) return invalidParameter('Invalid parameter');
  const name = paramName(issue.path);
  if (valueAt(input, issue.path) === undefined) {
    return issue.path.length <= 1
      ? invalidParameter(`The parameter ${name} is required.`)
      : graphError(131008, `Param ${name} is required.`);
  }
  switch (issue.code) {
    case 'invalid_type':
      return invalidParameter(
        `Param ${name} must be ${issue.expected === 'string' ? 'a string' : `of type ${issue.expected}`}.`,
      );
    case 'invalid_value':
      return invalidParameter(
        `Param ${name} must be one of {${issue.values.map(String).join(', ').toUpperCase()}}.`,
      );
    default:
      return invalidParameter(`Param ${name} is not valid: ${issue.message}`);
  }
}
