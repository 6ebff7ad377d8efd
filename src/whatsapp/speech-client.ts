import pLimit from 'p-limit';
import { AppError } from '../errors';
import { askedWait } from './graph-failure';
import { field } from './loose-json';

/**
 * A speech server of the municipality with the OpenAI-compatible `POST /v1/audio/transcriptions` (whisper.cpp,
 * faster-whisper).
 */
export interface SpeechClient {
  /**
   * Returns the text of a recording, empty if nobody speaks. Rejects with `speech-retry` (with `retryAfterMs` if the
   * server gave a delay) or with `speech-refused`. The reason is the HTTP status or one word, never text.
   */
  transcribe(recording: Recording): Promise<string>;
}

interface Recording {
  bytes: Buffer;
  mimeType: string;
  /** Without a dot. Servers recognise the format by the file name. */
  extension: string;
  /** ISO 639-1. */
  language: string;
}

export interface SpeechClientOptions {
  /** The base URL of the server, without `/v1`. */
  url: string;
  model: string;
  apiKey: string | undefined;
  /** The time limit of one request, in ms. */
  limitMs: number;
  /** The longest transcript in characters. The rest is cut off. */
  longest: number;
}

/** Such servers transcribe one recording after another. A longer queue belongs to Temporal. */
const MOST_AT_ONCE = 2;
/** UTF-8 and JSON escapes need at most six bytes for a character of text, and the frame is small. */
const BYTES_PER_CHARACTER = 6;
const FRAME_BYTES = 64 * 1024;

const retry = (reason: string, cause?: unknown, retryAfterMs?: number): AppError =>
  new AppError('speech-retry', {
    ...{ status: 503, reason, cause },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
const refused = (reason: string): AppError => new AppError('speech-refused', { status: 502, reason });

export function createSpeechClient(options: SpeechClientOptions): SpeechClient {
  const { url, model, apiKey, limitMs, longest } = options;
  const endpoint = `${url}/v1/audio/transcriptions`;
  const inTurn = pLimit(MOST_AT_ONCE);

  async function ask({ bytes, mimeType, extension, language }: Recording): Promise<string> {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(bytes)], { type: mimeType }), `voice.${extension}`);
    form.set('model', model);
    form.set('language', language);
    form.set('response_format', 'json');
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        ...(apiKey !== undefined && { headers: { authorization: `Bearer ${apiKey}` } }),
        body: form,
        redirect: 'error',
        signal: AbortSignal.timeout(limitMs),
      });
      if (!response.ok) throw await failureOf(response);
      return textOf(await bodyOf(response, longest * BYTES_PER_CHARACTER + FRAME_BYTES));
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw retry('no-answer', error);
    }
  }

  return {
    transcribe: recording =>
      inTurn(async () =>
        Array.from(await ask(recording))
          .slice(0, longest)
          .join(''),
      ),
  };
}

/** Too many requests and errors of the server are temporary. Everything else would fail again. */
async function failureOf(response: Response): Promise<AppError> {
  const { status, headers } = response;
  await response.body?.cancel();
  const reason = `http-${status}`;
  if (status !== 408 && status !== 429 && status < 500) return refused(reason);
  return retry(reason, undefined, askedWait(headers.get('retry-after')) ?? undefined);
}

/** Reads a response of at most `limit` bytes. */
async function bodyOf(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) throw refused('too-long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Older whisper.cpp servers answer an unreadable file with status 200 and an `error`. */
function textOf(body: string): string {
  const text = field(parsed(body), 'text');
  if (typeof text !== 'string') throw refused('no-text');
  return text;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}
