/** What a file is by its first bytes: its type, the ending of its name, and how the line deals with it. */
export interface FileType {
  kind: 'photo' | 'audio' | 'video' | 'document';
  mimeType: string;
  extension: string;
}

/** So many bytes from the start of a file tell its type. */
export const HEAD_BYTES = 4_096;

type Test = (head: Buffer) => boolean;

const starts =
  (signature: string | readonly number[], at = 0): Test =>
  head =>
    head.subarray(at, at + signature.length).equals(Buffer.from(signature as string));
const holds =
  (text: string): Test =>
  head =>
    head.includes(text);
const both =
  (...tests: Test[]): Test =>
  head =>
    tests.every(test => test(head));
const either =
  (...tests: Test[]): Test =>
  head =>
    tests.some(test => test(head));

const zip = starts('PK\x03\x04');
const ole = starts([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const media = starts('ftyp', 4);
const brand = (...names: string[]): Test => both(media, either(...names.map(name => starts(name, 8))));
/** A frame of MPEG audio or AAC: eleven set bits, then a layer that exists. */
const audioFrame = (layers: readonly number[]): Test => {
  return head => head[0] === 0xff && layers.includes((head[1] ?? 0) & 0xf6);
};

const office = 'application/vnd.openxmlformats-officedocument';

/** The first that fits counts. From the formats that WhatsApp lets people send. */
const types: readonly (readonly [FileType['kind'], mimeType: string, extension: string, Test])[] = [
  ['photo', 'image/jpeg', 'jpg', starts([0xff, 0xd8, 0xff])],
  ['photo', 'image/png', 'png', starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['photo', 'image/webp', 'webp', both(starts('RIFF'), starts('WEBP', 8))],
  ['audio', 'audio/ogg', 'ogg', starts('OggS')],
  ['audio', 'audio/amr', 'amr', starts('#!AMR')],
  ['audio', 'audio/mp4', 'm4a', brand('M4A ', 'M4B ')],
  ['audio', 'audio/aac', 'aac', audioFrame([0xf0])],
  ['audio', 'audio/mpeg', 'mp3', either(starts('ID3'), audioFrame([0xf2, 0xf4, 0xf6]))],
  ['video', 'video/3gpp', '3gp', brand('3gp', '3g2')],
  ['video', 'video/mp4', 'mp4', brand('iso', 'mp4', 'avc1', 'MSNV', 'dash', 'M4V')],
  ['document', 'application/pdf', 'pdf', starts('%PDF-')],
  ['document', `${office}.wordprocessingml.document`, 'docx', both(zip, holds('word/'))],
  ['document', `${office}.spreadsheetml.sheet`, 'xlsx', both(zip, holds('xl/'))],
  ['document', `${office}.presentationml.presentation`, 'pptx', both(zip, holds('ppt/'))],
  ['document', 'application/msword', 'doc', ole],
];

/**
 * The type of a file by its first bytes (`HEAD_BYTES` of them at most), whatever its sender called it. Null for
 * everything that a browser might run or that nobody expects from a citizen: SVG, HTML, scripts, archives, programs.
 */
export function fileTypeOf(head: Buffer): FileType | null {
  const found = types.find(([, , , test]) => test(head));
  if (!found) return null;
  const [kind, mimeType, extension] = found;
  return { kind, mimeType, extension };
}
