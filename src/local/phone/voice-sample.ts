const SAMPLE_RATE = 48_000;
const FRAME_SAMPLES = 960;
/** One Opus packet of 20 ms of silence. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
const SERIAL = 0x45544d31;
const FRAMES_PER_PAGE = 50;

/** Ogg's checksum: CRC-32 with polynomial 04c11db7, not reflected, starting from zero. */
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

/** A voice note of silence, a real Ogg Opus file as phones send it. */
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
