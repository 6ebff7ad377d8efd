import { z } from 'zod';

const media = z.looseObject({
  id: z.string().optional(),
  link: z.string().optional(),
  caption: z.string().optional(),
  filename: z.string().optional(),
});
const header = z.looseObject({
  type: z.enum(['text', 'image', 'video', 'document']),
  text: z.string().optional(),
  image: media.optional(),
  video: media.optional(),
  document: media.optional(),
});
const body = z.looseObject({ text: z.string() });
const footer = z.looseObject({ text: z.string() });
const replyButton = z.looseObject({
  type: z.literal('reply'),
  reply: z.looseObject({ id: z.string(), title: z.string() }),
});
const row = z.looseObject({ id: z.string(), title: z.string(), description: z.string().optional() });
const section = z.looseObject({ title: z.string().optional(), rows: z.array(row) });
const frame = { header: header.optional(), body, footer: footer.optional() };

const interactive = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('button'),
    ...frame,
    action: z.looseObject({ buttons: z.array(replyButton) }),
  }),
  z.looseObject({
    type: z.literal('list'),
    ...frame,
    action: z.looseObject({ button: z.string(), sections: z.array(section) }),
  }),
  z.looseObject({
    type: z.literal('location_request_message'),
    body,
    action: z.looseObject({ name: z.literal('send_location') }),
  }),
  z.looseObject({
    type: z.literal('request_contact_info'),
    body,
    action: z.looseObject({ name: z.literal('request_contact_info') }),
  }),
  z.looseObject({
    type: z.literal('cta_url'),
    ...frame,
    action: z.looseObject({
      name: z.literal('cta_url'),
      parameters: z.looseObject({ display_text: z.string(), url: z.string() }),
    }),
  }),
]);

const templateParameter = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  payload: z.string().optional(),
  parameter_name: z.string().optional(),
  image: media.optional(),
  video: media.optional(),
  document: media.optional(),
});
const template = z.looseObject({
  name: z.string(),
  language: z.looseObject({ code: z.string() }),
  components: z
    .array(
      z.looseObject({
        type: z.string(),
        sub_type: z.string().optional(),
        index: z.union([z.string(), z.number()]).optional(),
        parameters: z.array(templateParameter).optional(),
      }),
    )
    .optional(),
});

const common = {
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.literal('individual').optional(),
  to: z.string().optional(),
  recipient: z.string().optional(),
  context: z.looseObject({ message_id: z.string() }).optional(),
  biz_opaque_callback_data: z.string().optional(),
};

/** A message posted to `/{phone-number-id}/messages`. Lengths and counts are validated separately. */
export const sendBody = z.discriminatedUnion('type', [
  z.looseObject({
    ...common,
    type: z.literal('text'),
    text: z.looseObject({ body: z.string(), preview_url: z.boolean().optional() }),
  }),
  z.looseObject({ ...common, type: z.literal('image'), image: media }),
  z.looseObject({ ...common, type: z.literal('video'), video: media }),
  z.looseObject({ ...common, type: z.literal('audio'), audio: media }),
  z.looseObject({ ...common, type: z.literal('document'), document: media }),
  z.looseObject({ ...common, type: z.literal('sticker'), sticker: media }),
  z.looseObject({
    ...common,
    type: z.literal('location'),
    location: z.looseObject({
      latitude: z.coerce.number(),
      longitude: z.coerce.number(),
      name: z.string().optional(),
      address: z.string().optional(),
    }),
  }),
  z.looseObject({ ...common, type: z.literal('interactive'), interactive }),
  z.looseObject({ ...common, type: z.literal('template'), template }),
  z.looseObject({
    ...common,
    type: z.literal('reaction'),
    reaction: z.looseObject({ message_id: z.string(), emoji: z.string() }),
  }),
]);

/** Marks a received message and all earlier ones as read, optionally with a typing indicator. */
export const readBody = z.looseObject({
  messaging_product: z.literal('whatsapp'),
  status: z.literal('read'),
  message_id: z.string(),
  typing_indicator: z.looseObject({ type: z.literal('text') }).optional(),
});

export type SendBody = z.infer<typeof sendBody>;
export type ReadBody = z.infer<typeof readBody>;
export type MediaBody = z.infer<typeof media>;
export type Interactive = z.infer<typeof interactive>;
export type TemplateSend = z.infer<typeof template>;
export type MediaType = 'image' | 'video' | 'audio' | 'document' | 'sticker';

/** Returns the media part of a message, if any. */
export function mediaOf(message: SendBody): { type: MediaType; media: MediaBody } | undefined {
  switch (message.type) {
    case 'image':
      return { type: 'image', media: message.image };
    case 'video':
      return { type: 'video', media: message.video };
    case 'audio':
      return { type: 'audio', media: message.audio };
    case 'document':
      return { type: 'document', media: message.document };
    case 'sticker':
      return { type: 'sticker', media: message.sticker };
    case 'text':
    case 'location':
    case 'interactive':
    case 'template':
    case 'reaction':
      return undefined;
  }
}

/** The photo, video or document above the text of an interactive message, if it has one. */
export function headerMediaOf(interactive: Interactive): { type: MediaType; media: MediaBody } | undefined {
  const isBare =
    interactive.type === 'location_request_message' || interactive.type === 'request_contact_info';
  const header = isBare ? undefined : interactive.header;
  if (header === undefined || header.type === 'text') return undefined;
  const media = header[header.type];
  return media === undefined ? undefined : { type: header.type, media };
}
