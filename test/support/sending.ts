import type { SendingGate } from '../../src/whatsapp/sending-gate';

/** A sending gate that is always open. */
export const openGate: SendingGate = {
  pass: async () => new Date(),
  trouble: async () => new Date(),
  works: async () => undefined,
};

/** For tests in which no message has a picture. */
export const noUploads = (): Promise<string> => Promise.reject(new Error('a picture was uploaded'));
