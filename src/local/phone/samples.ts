import sharp from 'sharp';
import { drawing, type Scene } from './drawings';
import { silentVoiceNote } from './voice-sample';

export type SampleName = Scene | 'voice' | 'petition' | 'sticker';

export interface SampleFile {
  bytes: Buffer;
  mimeType: string;
}

const VOICE_SECONDS = 4;

/** A one-page PDF without text; the catalogue's offsets are computed, so that strict readers open it too. */
function emptyPdf(): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(text, 'ascii');
}

const stickerSvg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">
  <circle cx="256" cy="256" r="220" fill="#ffd166"/><circle cx="180" cy="210" r="28"/><circle cx="332" cy="210" r="28"/>
  <path d="M150 310 q106 110 212 0" fill="none" stroke="#000" stroke-width="24" stroke-linecap="round"/></svg>`;

async function make(name: SampleName): Promise<SampleFile> {
  switch (name) {
    case 'pothole':
    case 'rubbish':
    case 'street-lamp': {
      const bytes = await sharp(Buffer.from(drawing(name)))
        .jpeg({ quality: 82 })
        .toBuffer();
      return { bytes, mimeType: 'image/jpeg' };
    }
    case 'voice':
      return { bytes: silentVoiceNote(VOICE_SECONDS), mimeType: 'audio/ogg; codecs=opus' };
    case 'petition':
      return { bytes: emptyPdf(), mimeType: 'application/pdf' };
    case 'sticker':
      return { bytes: await sharp(Buffer.from(stickerSvg)).webp().toBuffer(), mimeType: 'image/webp' };
  }
}

const made = new Map<SampleName, Promise<SampleFile>>();

/** A ready file to send from the phone page, made on first use. */
export function sampleFile(name: SampleName): Promise<SampleFile> {
  const known = made.get(name) ?? make(name);
  made.set(name, known);
  return known;
}
