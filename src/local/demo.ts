import { stageControl, type ShownMessage } from './demo/stage-control';
import { awaitSight, createStory } from './demo/story';
import { postTaskAct } from './demo/task-visit';

export interface DemoOptions {
  /** The stage with the phone and the mailbox. */
  readonly stageUrl: string;
  /** Where the line takes webhooks, for the words of the story only. */
  readonly webhookUrl: string;
  /** The stage of the case's record, as the admin command shows it. */
  readonly caseStage: (caseNumber: string) => Promise<string | undefined>;
  readonly say: (line: string) => void;
}

const report = 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor';
const pin = { latitude: 39.9432, longitude: 32.6444 };
const answer = 'Ekibimiz çukuru doldurdu, yol asfaltlandı.';
const limitMs = 180_000;

/**
 * Plays one report over the real interfaces, from the signed webhook to the closed case; returns its number.
 * @throws StoryFailure naming the step that did not come true.
 */
export async function playDemo({ stageUrl, webhookUrl, caseStage, say }: DemoOptions): Promise<string> {
  const stage = stageControl(stageUrl);
  const { step } = createStory(say);
  const citizen = await step(
    'A citizen takes the phone',
    () => stage.createCitizen('Ayşe Yılmaz'),
    () => stageUrl,
  );
  const seen = (what: string, wanted: (message: ShownMessage) => boolean): Promise<ShownMessage> =>
    awaitSight(what, limitMs, async () => {
      const messages = await stage.messages(citizen);
      return messages.find(message => message.from === 'municipality' && wanted(message));
    });

  await step(
    'The citizen reports, the signed webhooks are taken',
    async () => {
      const ids = [
        await stage.send(citizen, { type: 'text', body: report }),
        await stage.send(citizen, { type: 'location', ...pin }),
      ];
      await awaitSight('the answer of the webhook', limitMs, async () => {
        const sent = (await stage.messages(citizen)).filter(({ id }) => ids.includes(id));
        return sent.every(({ webhook }) => webhook === 'taken') || undefined;
      });
    },
    () => webhookUrl,
  );
  const caseNumber = await step(
    'The acknowledgement is on the phone',
    async () => {
      const { text } = await seen('the acknowledgement', ({ text }) => caseNumberIn(text) !== undefined);
      return caseNumberIn(text) ?? '';
    },
    number => number,
  );
  const link = await step(
    'The department has the task by e-mail',
    () =>
      awaitSight('the e-mail', limitMs, async () => {
        const mails = await stage.mails();
        const mail = mails.find(({ text, subject }) => `${subject} ${text}`.includes(caseNumber));
        return mail?.links.find(address => new URL(address).pathname.startsWith('/t/'));
      }),
    address => `${caseNumber}, ${address}`,
  );
  await step(
    'The department accepts',
    () => postTaskAct(link, 'accept', { confirm: 'yes' }),
    () => `${caseNumber}, ${link}`,
  );
  await step(
    'The department resolves',
    () => postTaskAct(link, 'resolve', { confirm: 'yes', words: answer }),
    () => `${caseNumber}, ${link}`,
  );
  const question = await step(
    'The citizen is told and asked',
    () =>
      seen('the message to the citizen', ({ text, replies }) => text.includes(answer) && replies.length > 0),
    () => `${caseNumber}, ${stageUrl}`,
  );
  await step(
    'The citizen taps "Çözüldü"',
    async () => {
      const reply = question.replies.find(({ title }) => title === 'Çözüldü');
      if (reply === undefined) throw new Error('there is no such button');
      await stage.send(citizen, { type: 'tap', messageId: question.id, replyId: reply.id });
    },
    () => `${caseNumber}, ${stageUrl}`,
  );
  await step(
    'The case is closed',
    () =>
      awaitSight('the end of the case', limitMs, async () =>
        (await caseStage(caseNumber)) === 'closed' ? true : undefined,
      ),
    () => caseNumber,
  );
  return caseNumber;
}

function caseNumberIn(text: string): string | undefined {
  return /PK-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0];
}
