import type { Deps } from '../activities/deps';
import { tellCitizen } from '../activities/tell-citizen';
import { messageTemplates } from '../src/config/approved-templates';
import { createTexts } from '../src/config/texts';
import type { CitizenNews } from '../src/domain/case/case-events';
import { createCitizenOutbox } from '../src/whatsapp/citizen-outbox';
import { createGraphClient } from '../src/whatsapp/graph-client';
import { acted, DAY } from './support/cases';
import { startTestSandbox, token, type TestSandbox } from './support/local-sandbox';
import { phoneNumberId } from './support/webhook-bodies';
import { openGate } from './support/sending';
import { municipality, startDesk, type Desk } from './support/task-desk';

let desk: Desk;
let sandbox: TestSandbox;
let tell: ReturnType<typeof tellCitizen>;
beforeAll(async () => {
  desk = await startDesk('news-outside-window');
  sandbox = await startTestSandbox({
    templates: messageTemplates(municipality, 'https://bildirim.example/s/{{1}}'),
  });
  const { store } = desk;
  const now = (): Date => new Date();
  const graph = createGraphClient({
    url: sandbox.graphUrl,
    version: 'v26.0',
    accessToken: token,
    phoneNumberId,
  });
  const citizenOutbox = createCitizenOutbox({ store, graph, gate: openGate, now });
  const deps = {
    store,
    municipality,
    say: createTexts(municipality),
    taskLinks: desk.links,
    citizenOutbox,
    now,
  };
  tell = tellCitizen(deps as unknown as Deps);
});
afterAll(() => Promise.all([desk.stop(), sandbox.dispose()]));

const answers = ['Çözüldü', 'Kısmen çözüldü', 'Çözülmedi'];

test.each<[CitizenNews, template: string, words: RegExp, buttons: string[], linked: boolean]>([
  ['scheduled', 'case_update', /çalışma günü planlandı/, [], true],
  ['interim', 'case_update', /Çukurun yeri nerede\?/, [], true],
  ['late', 'case_update', /bildirilen tarihe kadar sonuçlandırılamadı/, [], true],
  ['question', 'case_question', /Çukurun yeri nerede\?/, [], true],
  ['resolved', 'case_resolved', /Çukurun yeri nerede\?/, answers, false],
  ['surveyReminder', 'case_reminder', /tarihinde kapatılacaktır|yanıt/, answers, false],
  ['answered', 'case_decided', /yanıtlandı/, ['İtiraz ediyorum'], true],
  ['rejected', 'case_decided', /işlem yapılamadı/, ['İtiraz ediyorum'], true],
])('%s is sent to a citizen who wrote two days ago as %s', async (news, template, words, buttons, linked) => {
  const { id, phone, bsuid } = await sandbox.newCitizen();
  const names = { phone, bsuid, profileName: null, language: null };
  await desk.store.citizens.seen(id, { ...names, at: new Date(Date.now() - 2 * DAY), isMessage: true });
  const { caseNumber } = await desk.openCase({ intake: { citizenId: id } });
  const actionId = `${caseNumber}-act`;
  await desk.store.tasks.addAction({
    actionId,
    caseNumber,
    task: 1,
    action: 'resolve',
    words: 'Çukurun yeri nerede?',
    reason: null,
    department: null,
    role: 'department',
    actor: 'fen.isleri@etimesgut.example',
    at: new Date(),
  });
  if (news !== 'question') await desk.take(caseNumber, acted('resolve', actionId));
  await tell({ caseNumber, effect: 9, news, actionId });
  const { json } = await sandbox.control('GET', `/citizens/${id}/messages`);
  const messages = json['messages'] as {
    type: string;
    text: string;
    content: object;
    replies: { title: string }[];
    link?: { text: string; url: string };
  }[];
  expect(messages.map(({ type }) => type)).toEqual(['template']);
  expect(JSON.stringify(messages[0]?.content)).toContain(`"name":"${template}"`);
  expect(messages[0]?.text).toMatch(words);
  expect(messages[0]?.text).toContain(caseNumber);
  expect(messages[0]?.replies.map(({ title }) => title)).toEqual(buttons);
  // The address behind the button is that of this case's status page, and no address is in the text.
  expect(messages[0]?.text).not.toContain('http');
  const token = messages[0]?.link?.url.replace('https://bildirim.example/s/', '') ?? '';
  const tokenHash = desk.links.hashOf(token, 'status');
  const page = tokenHash === null ? null : await desk.store.statusLinks.get(tokenHash);
  expect(page?.caseNumber).toBe(linked ? caseNumber : undefined);
});

test('a template that Meta approved before it had a link is sent without one', async () => {
  const { id, phone, bsuid } = await sandbox.newCitizen();
  const names = { phone, bsuid, profileName: null, language: null };
  await desk.store.citizens.seen(id, { ...names, at: new Date(Date.now() - 2 * DAY), isMessage: true });
  const { caseNumber } = await desk.openCase({ intake: { citizenId: id } });
  const approved = messageTemplates(municipality, 'https://bildirim.example/s/{{1}}');
  const update = approved.find(({ name, language }) => name === 'case_update' && language === 'tr');
  await sandbox.control('POST', '/templates', { ...update, buttons: [] });
  await tell({ caseNumber, effect: 10, news: 'scheduled' });
  await sandbox.control('POST', '/templates', { ...update });
  const { json } = await sandbox.control('GET', `/citizens/${id}/messages`);
  expect(json['messages']).toMatchObject([
    { type: 'template', text: expect.stringContaining(caseNumber) as string },
  ]);
  expect(JSON.stringify(json)).not.toContain('bildirim.example');
});
