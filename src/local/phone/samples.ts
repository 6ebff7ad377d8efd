import sharp from 'sharp';

export type SampleName = Scene | 'voice' | 'petition' | 'sticker';

export interface SampleFile {
  bytes: Buffer;
  mimeType: string;
}

const VOICE_SECONDS = 4;

/** Returns a PDF with one empty page. Its offsets are computed, so that strict readers accept it. */
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

/** Returns a sample file for the phone page, created on first use. */
export function sampleFile(name: SampleName): Promise<SampleFile> {
  const known = made.get(name) ?? make(name);
  made.set(name, known);
  return known;
}

/** The scenes of the sample photos, as SVG of 1200 × 900. */
type Scene = 'pothole' | 'rubbish' | 'street-lamp';

const sky = `
  <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
    <stop offset="0" stop-color="#9cc4e4"/><stop offset="1" stop-color="#e9f1f6"/>
  </linearGradient>`;

const blocks = (top: number): string =>
  [60, 300, 560, 840]
    .map((x, index) => {
      const height = 190 + ((index * 67) % 120);
      const windows = Array.from({ length: 12 }, (_, spot) => {
        const wx = x + 24 + (spot % 4) * 48;
        const wy = top - height + 26 + Math.floor(spot / 4) * 56;
        return `<rect x="${wx}" y="${wy}" width="26" height="34" fill="#7d93a3"/>`;
      }).join('');
      return `<rect x="${x}" y="${top - height}" width="220" height="${height}" fill="${index % 2 ? '#d9c9b4' : '#c8b8a6'}"/>${windows}`;
    })
    .join('');

const scenes: Record<Scene, string> = {
  pothole: `
    <rect width="1200" height="330" fill="url(#sky)"/>${blocks(330)}
    <rect y="330" width="1200" height="70" fill="#b9b3a8"/><rect y="392" width="1200" height="12" fill="#8d877c"/>
    <rect y="404" width="1200" height="496" fill="#5a5d60"/>
    <path d="M0 640 L1200 560" stroke="#e8e3d0" stroke-width="14" stroke-dasharray="120 90" opacity="0.7"/>
    <ellipse cx="640" cy="720" rx="265" ry="105" fill="#46484a"/>
    <path d="M400 720 q40 -95 150 -82 q90 -36 170 8 q140 0 165 78 q-10 92 -150 92 q-120 40 -220 4 q-110 -10 -115 -100z" fill="#2c2a27"/>
    <path d="M450 735 q60 -60 180 -52 q150 -8 205 52 q-70 52 -200 52 q-140 4 -185 -52z" fill="#6f5f4c"/>
    <ellipse cx="640" cy="752" rx="120" ry="24" fill="#8fa3ad" opacity="0.85"/>
    <g stroke="#3a3c3e" stroke-width="6" fill="none"><path d="M885 700 l90 -46 l70 12"/><path d="M410 690 l-95 -20 l-60 -44"/><path d="M560 815 l-30 60"/></g>
    <g fill="#77706a"><circle cx="350" cy="800" r="14"/><circle cx="930" cy="815" r="18"/><circle cx="1000" cy="770" r="10"/></g>`,
  rubbish: `
    <rect width="1200" height="420" fill="url(#sky)"/>${blocks(420)}
    <rect y="420" width="1200" height="480" fill="#a9a69e"/><rect y="420" width="1200" height="16" fill="#8a877f"/>
    <rect x="330" y="360" width="430" height="300" rx="18" fill="#2f6b46"/><rect x="310" y="335" width="470" height="46" rx="20" fill="#3b8257"/>
    <circle cx="400" cy="682" r="30" fill="#222"/><circle cx="690" cy="682" r="30" fill="#222"/>
    <g fill="#26282b"><path d="M760 700 q10 -120 80 -130 q20 -40 40 0 q90 20 84 130z"/><path d="M190 720 q0 -110 76 -120 q16 -36 34 0 q80 16 84 120z"/></g>
    <path d="M900 740 q20 -110 90 -110 q14 -30 30 0 q80 16 76 110z" fill="#4a6fa5"/>
    <path d="M470 330 q60 -80 150 -20 q50 -30 80 26z" fill="#e6e2d8"/>
    <g><rect x="560" y="720" width="120" height="80" fill="#b58a5a"/><path d="M560 720 l60 -30 l110 6 l-50 24z" fill="#cfa877"/></g>
    <g fill="#d9534f"><rect x="760" y="770" width="40" height="22" rx="6"/><rect x="300" y="780" width="34" height="18" rx="6"/></g>
    <g fill="#f0ead6"><circle cx="860" cy="800" r="14"/><path d="M430 790 l50 -10 l10 26 l-54 8z"/></g>`,
  'street-lamp': `
    <rect width="1200" height="900" fill="#141b2d"/>
    <g fill="#f5f1d6"><circle cx="160" cy="120" r="3"/><circle cx="420" cy="70" r="2"/><circle cx="900" cy="140" r="3"/><circle cx="1050" cy="80" r="2"/></g>
    <g opacity="0.35">${blocks(640)}</g>
    <rect y="640" width="1200" height="260" fill="#20242c"/><rect y="640" width="1200" height="10" fill="#343a45"/>
    <path d="M620 860 V250 q0 -60 60 -60 h120" fill="none" stroke="#5b6472" stroke-width="20"/>
    <path d="M780 178 h120 l-18 44 h-84z" fill="#4a515d"/><path d="M806 222 h68 l-8 14 h-52z" fill="#20242c"/>
    <path d="M842 236 l-14 30 l16 4 l-12 30" stroke="#8b93a1" stroke-width="4" fill="none"/>
    <rect x="596" y="850" width="70" height="30" rx="6" fill="#3b424e"/>
    <circle cx="190" cy="470" r="10" fill="#ffe7a0"/><circle cx="190" cy="470" r="60" fill="#ffe7a0" opacity="0.14"/>`,
};

/** Returns one scene as an SVG document. */
const drawing = (scene: Scene): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="900" viewBox="0 0 1200 900"><defs>${sky}</defs>${scenes[scene]}</svg>`;

const SAMPLE_RATE = 48_000;
const FRAME_SAMPLES = 960;
/** One Opus packet of 20 ms of silence. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
const SERIAL = 0x45544d31;
const FRAMES_PER_PAGE = 50;

/** Ogg's checksum: CRC-32 with polynomial 04c11db7, not reflected, initial value zero. */
function oggCrc(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

function oggPage(sequence: number, flags: number, granule: number, packets: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(27 + packets.length);
  header.write('OggS', 0, 'ascii');
  header.writeUInt8(flags, 5);
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(SERIAL, 14);
  header.writeUInt32LE(sequence, 18);
  header.writeUInt8(packets.length, 26);
  packets.forEach((packet, index) => header.writeUInt8(packet.length, 27 + index));
  const page = Buffer.concat([header, ...packets]);
  page.writeUInt32LE(oggCrc(page), 22);
  return page;
}

function opusHead(): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'ascii');
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt32LE(SAMPLE_RATE, 12);
  return head;
}

function opusTags(): Buffer {
  const vendor = Buffer.from('stage', 'ascii');
  const sizes = Buffer.alloc(4);
  sizes.writeUInt32LE(vendor.length);
  return Buffer.concat([Buffer.from('OpusTags', 'ascii'), sizes, vendor, Buffer.alloc(4)]);
}

/** Returns a silent voice note as a valid Ogg Opus file. */
export function silentVoiceNote(seconds: number): Buffer {
  const pages = [oggPage(0, 2, 0, [opusHead()]), oggPage(1, 0, 0, [opusTags()])];
  const frames = Math.round((seconds * SAMPLE_RATE) / FRAME_SAMPLES);
  for (let done = 0; done < frames; done += FRAMES_PER_PAGE) {
    const count = Math.min(FRAMES_PER_PAGE, frames - done);
    const last = done + count === frames;
    const granule = (done + count) * FRAME_SAMPLES;
    pages.push(
      oggPage(
        pages.length,
        last ? 4 : 0,
        granule,
        Array.from({ length: count }, () => SILENCE),
      ),
    );
  }
  return Buffer.concat(pages);
}
