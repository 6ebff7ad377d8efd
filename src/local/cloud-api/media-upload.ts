import type { IncomingMessage } from 'node:http';
import { graphError, invalidParameter, type GraphError } from './graph-errors';
import { UPLOADED_MEDIA_MS } from './media';
import { readBytes } from './request-bytes';

const MB = 1024 * 1024;
const LARGEST = 100 * MB;

/** Largest upload per kind, and the types Meta takes; anything else is refused. */
const accepted: { pattern: RegExp; max: number }[] = [
  { pattern: /^image\/(jpeg|png)$/, max: 5 * MB },
  { pattern: /^image\/webp$/, max: 500 * 1024 },
  { pattern: /^audio\/(aac|mp4|mpeg|amr|ogg|opus)$/, max: 16 * MB },
  { pattern: /^video\/(mp4|3gpp)$/, max: 16 * MB },
  {
    pattern:
      /^(text\/plain|application\/(pdf|msword|vnd\.ms-(excel|powerpoint)|vnd\.openxmlformats-officedocument\.[a-z.]+))$/,
    max: LARGEST,
  },
];

export interface MediaUpload {
  bytes: Buffer;
  about: { mimeType: string; filename?: string; livesMs: number };
}

async function readForm(request: IncomingMessage): Promise<FormData | undefined> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return undefined;
  const bytes = await readBytes(request, LARGEST + MB);
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined);
}

/** The file of a multipart upload (`messaging_product`, `file`, `type`), or Meta's refusal. */
export async function readUpload(request: IncomingMessage): Promise<MediaUpload | { error: GraphError }> {
  const form = await readForm(request);
  if (form?.get('messaging_product') !== 'whatsapp') {
    return { error: invalidParameter('The parameter messaging_product is required.') };
  }
  const file = form.get('file');
  if (!(file instanceof File)) return { error: invalidParameter('The parameter file is required.') };
  const declared = form.get('type');
  const mimeType = (typeof declared === 'string' ? declared : file.type).split(';')[0]?.trim() ?? '';
  const rule = accepted.find(candidate => candidate.pattern.test(mimeType));
  if (rule === undefined) {
    return {
      error: invalidParameter(
        `Param file must be a file of a supported type. Received file of type '${mimeType}'.`,
      ),
    };
  }
  if (file.size > rule.max) return { error: graphError(131053, `File is larger than ${rule.max} bytes`) };
  return {
    bytes: Buffer.from(await file.arrayBuffer()),
    about: { mimeType, filename: file.name, livesMs: UPLOADED_MEDIA_MS },
  };
}
