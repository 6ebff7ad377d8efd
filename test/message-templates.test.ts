import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filledTemplate } from '../activities/tell-citizen';
import { messageTemplates, templateSubmissions } from '../src/config/approved-templates';
import { loadMunicipality } from '../src/config/municipality';
import { templateParams, type TemplateName } from '../src/config/schemas/templates';
import { createGraphClient, type GraphClient } from '../src/whatsapp/graph-client';
import type { TemplateContent } from '../src/whatsapp/outgoing';
import { startTestSandbox, token, type TestSandbox } from './support/local-sandbox';
import { phoneNumberId } from './support/webhook-bodies';

const etimesgut = 'config/etimesgut';
const municipality = loadMunicipality(etimesgut);
const names = Object.keys(templateParams) as TemplateName[];
const languages = ['tr', 'en'] as const;
const all = names.flatMap(name => languages.map(language => [name, language] as const));
const caseNumber = 'PK-7F3K-92QX';
const statusPage = 'https://bildirim.example/s/{{1}}';
const values = {
  ...{ caseNumber, news: 'Haber', department: 'Fen İşleri', words: 'Bitti.', date: '2 Aralık' },
  token: 'k1.mac.random',
};

describe('the templates of the municipality', () => {
  it('are submitted to Meta with numbered values, a sample for each, and their buttons', () => {
    const submissions = templateSubmissions(municipality, statusPage);
    expect(submissions).toHaveLength(all.length);
    expect(submissions.find(({ name, language }) => name === 'case_resolved' && language === 'tr')).toEqual({
      name: 'case_resolved',
      language: 'tr',
      category: 'UTILITY',
      parameter_format: 'POSITIONAL',
      components: [
        {
          type: 'BODY',
          text: 'Sayın vatandaşımız, {{1}} numaralı kaydınızın sonucu bildirildi. Birim: {{2}}. Açıklama: {{3}} Sorununuz çözüldü mü?',
          example: { body_text: [[caseNumber, 'Fen İşleri Müdürlüğü', 'Çukur dolduruldu, yol açıldı.']] },
        },
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'QUICK_REPLY', text: 'Çözüldü' },
            { type: 'QUICK_REPLY', text: 'Kısmen çözüldü' },
            { type: 'QUICK_REPLY', text: 'Çözülmedi' },
          ],
        },
      ],
    });
  });

  it('have a link to the status page behind their last button', () => {
    const buttons = templateSubmissions(municipality, statusPage).flatMap(
      ({ name, language, components }) => {
        const found = components.find(({ type }) => type === 'BUTTONS');
        return language === 'tr' && found?.type === 'BUTTONS' ? [[name, found.buttons.at(-1)]] : [];
      },
    );
    const link = {
      type: 'URL',
      text: 'Kaydımı aç',
      url: statusPage,
      example: [expect.stringMatching(/^https:\/\/bildirim\.example\/s\/k1\.[\w-]{22}\.[\w-]{22}$/)],
    };
    const unsolved = { type: 'QUICK_REPLY', text: 'Çözülmedi' };
    expect(Object.fromEntries(buttons)).toEqual({
      ...{ case_update: link, case_decided: link, case_question: link },
      ...{ case_resolved: unsolved, case_reminder: unsolved },
    });
  });

  describe('in the Cloud API', () => {
    let sandbox: TestSandbox;
    let graph: GraphClient;
    let recipient: { phone: string; bsuid: string };
    beforeAll(async () => {
      sandbox = await startTestSandbox({ templates: messageTemplates(municipality, statusPage) });
      graph = createGraphClient({
        url: sandbox.graphUrl,
        version: 'v26.0',
        accessToken: token,
        phoneNumberId,
      });
    });
    beforeEach(async () => (recipient = await sandbox.newCitizen()));
    afterAll(() => sandbox.dispose());
    const send = (content: TemplateContent): Promise<string> => graph.send(recipient, content, 'k');

    it.each(all)('%s is accepted in %s with the longest possible values', async (name, language) => {
      const long = 'ş ğ'.repeat(2_000);
      const longest = { ...values, news: long, department: long, words: long, date: long };
      expect(await send(filledTemplate(municipality, name, language, longest))).toMatch(/^wamid\./);
    });

    it('are accepted with multi-line and empty values', async () => {
      const lines = { ...values, department: '', words: 'Bir\n\niki\tüç      dört' };
      expect(await send(filledTemplate(municipality, 'case_resolved', 'tr', lines))).toMatch(/^wamid\./);
    });

    it.each<[string, Partial<TemplateContent>, string]>([
      ['that nobody approved', { name: 'case_unknown' }, '132001'],
      ['in a language without approval', { language: 'de' }, '132001'],
      ['with a missing value', { parameters: ['a', 'b'] }, '132000'],
      ['with an extra value', { parameters: ['a', 'b', 'c', 'd'] }, '132000'],
      ['with an extra button', { replyIds: ['1', '2', '3', '4'] }, '132000'],
      ['that grows too long', { parameters: ['a', 'b', 'c'.repeat(1_024)] }, '132005'],
    ])('one %s is refused with %p', async (_, change, reason) => {
      const content = { ...filledTemplate(municipality, 'case_resolved', 'tr', values), ...change };
      await expect(send(content)).rejects.toMatchObject({ code: 'whatsapp-refused', reason });
    });

    it.each<[string, Partial<TemplateContent>, string]>([
      ['without the value of its link', { urlSuffix: '' }, '131008'],
      ['with a reply in place of its link', { replyIds: ['1', '2'] }, '132012'],
    ])('one %s is refused with %p', async (_, change, reason) => {
      const content = { ...filledTemplate(municipality, 'case_decided', 'tr', values), ...change };
      await expect(send(content)).rejects.toMatchObject({ code: 'whatsapp-refused', reason });
    });

    it('one with a value for a link that it does not have is refused with 132000', async () => {
      const content = { ...filledTemplate(municipality, 'case_resolved', 'tr', values), urlSuffix: 'x' };
      await expect(send(content)).rejects.toMatchObject({ reason: '132000' });
    });

    it('show the link with its value', async () => {
      await send(filledTemplate(municipality, 'case_update', 'tr', values));
      const thread = await sandbox.control('GET', `/citizens/${stageId(recipient)}/messages`);
      const link = { text: 'Kaydımı aç', url: 'https://bildirim.example/s/k1.mac.random' };
      expect(thread.json['messages']).toEqual([expect.objectContaining({ link })]);
    });

    it.each<[string, object[]]>([
      ['a value inside the address', [{ type: 'URL', text: 'Aç', url: 'https://x.example/{{1}}/a' }]],
      [
        'a link between quick replies',
        [
          { type: 'QUICK_REPLY', text: 'Bir' },
          { type: 'URL', text: 'Aç', url: 'https://x.example/{{1}}' },
          { type: 'QUICK_REPLY', text: 'İki' },
        ],
      ],
      ['three links', [1, 2, 3].map(n => ({ type: 'URL', text: `Aç ${n}`, url: 'https://x.example/' }))],
    ])('with %s cannot be registered', async (_, buttons) => {
      const body = { name: 'new_news', language: 'tr', body: 'Merhaba', buttons };
      expect((await sandbox.control('POST', '/templates', body)).status).toBe(400);
    });

    it.each([
      ['PAUSED', '132015'],
      ['DISABLED', '132016'],
    ])('one that Meta has set to %s is refused with %s', async (status, reason) => {
      const body = { name: 'old_news', language: 'tr', status, body: 'Merhaba' };
      await sandbox.control('POST', '/templates', body);
      const content = { type: 'template', name: 'old_news', language: 'tr', parameters: [] } as const;
      await expect(send(content)).rejects.toMatchObject({ code: 'whatsapp-refused', reason });
    });

    it('contain the reply ids of the buttons used inside the window', async () => {
      await send(filledTemplate(municipality, 'case_reminder', 'tr', values));
      const thread = await sandbox.control('GET', `/citizens/${stageId(recipient)}/messages`);
      expect(JSON.stringify(thread.json)).toContain(`feedback:unsolved:${caseNumber}`);
    });
    const stageId = (person: object): string => (person as { id: string }).id;
  });
});

describe('a template that Meta would reject', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'templates-'));
    cpSync(etimesgut, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const opening =
    'tr: Sayın vatandaşımız, {{caseNumber}} numaralı kaydınız hakkında bilgi. {{news}} Sorunuz varsa';
  it.each<[string, from: string, to: string, told: RegExp]>([
    ['begins with a value', opening, "tr: '{{caseNumber}}' # ", /begins and ends with words|once each/],
    [
      'has too few words',
      `${opening} bu mesajı yanıtlayabilirsiniz.`,
      'tr: Ek {{caseNumber}} {{news}} son.',
      /words/,
    ],
    ['lacks a value', 'bilgi. {{news}} ', 'bilgi. ', /\{\{caseNumber\}\}, \{\{news\}\} once each/],
    [
      'has values side by side',
      'numaralı kaydınız hakkında bilgi. {{news}}',
      '{{news}}',
      /words between its values/,
    ],
    [
      'can grow too long',
      'longest: 700',
      'longest: 1000',
      /values that hold at most \d+ characters together/,
    ],
    [
      'has its link before a reply',
      'buttons: [object, openCase]',
      'buttons: [openCase, object]',
      /quick replies/,
    ],
    ['has a sample that is too long', 'longest: 40', 'longest: 4', /at most 4 characters/],
    ['is not a utility template', 'category: UTILITY', 'category: MARKETING', /allowed: UTILITY/],
  ])('because it %s is reported with its line', (_, from, to, told) => {
    const file = join(folder, 'templates.yaml');
    const before = readFileSync(file, 'utf8');
    expect(before).toContain(from);
    writeFileSync(file, before.replace(from, to));
    expect(() => loadMunicipality(folder)).toThrow(told);
    expect(() => loadMunicipality(folder)).toThrow(/templates\.yaml:\d+/);
  });
});
