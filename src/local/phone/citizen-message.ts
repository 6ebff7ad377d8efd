import { z } from 'zod';

const base64 = z
  .string()
  .min(1)
  .regex(/^[A-Za-z0-9+/_-]+={0,2}$/, 'must be base64');
const replyTo = { replyTo: z.string().optional() };
const file = { file: base64.optional(), mimeType: z.string().optional() };
const caption = { caption: z.string().optional() };

/** What a citizen does on the phone, in the simple form of `POST /control/citizens/:id/messages`. */
export const phoneMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), body: z.string(), ...replyTo, forwarded: z.boolean().optional() }),
  z.object({
    type: z.literal('image'),
    ...file,
    sample: z.enum(['pothole', 'rubbish', 'street-lamp']).optional(),
    ...caption,
    ...replyTo,
  }),
  z.object({
    type: z.literal('video'),
    file: base64,
    mimeType: z.string().optional(),
    ...caption,
    ...replyTo,
  }),
  z.object({ type: z.literal('voice'), ...file, ...replyTo }),
  z.object({
    type: z.literal('document'),
    ...file,
    filename: z.string().optional(),
    ...caption,
    ...replyTo,
  }),
  z.object({ type: z.literal('sticker'), ...file, ...replyTo }),
  z.object({
    type: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: z.string().optional(),
    address: z.string().optional(),
    ...replyTo,
  }),
  /** A tap on a reply button, a list row or a template's quick reply of `messageId`. */
  z.object({ type: z.literal('tap'), messageId: z.string(), replyId: z.string() }),
  z.object({ type: z.literal('reaction'), messageId: z.string(), emoji: z.string().optional() }),
  z.object({ type: z.literal('contacts'), name: z.string(), phone: z.string(), ...replyTo }),
  z.object({ type: z.literal('unsupported'), kind: z.string().default('poll_creation') }),
  z.object({ type: z.literal('edit'), messageId: z.string(), body: z.string() }),
  z.object({ type: z.literal('revoke'), messageId: z.string() }),
  /** Any message object as it is: its keys go over `from`, `id` and `timestamp`. */
  z.object({ type: z.literal('raw'), message: z.looseObject({ type: z.string() }) }),
]);

export type PhoneMessage = z.infer<typeof phoneMessage>;
