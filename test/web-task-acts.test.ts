import { acted } from './support/cases';
import { municipality, startDesk, type Desk } from './support/task-desk';
import { fieldsOf, filled, pageOf, post, readyForm, type Filled } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('acts');
});
afterAll(() => desk.stop());
beforeEach(() => {
  desk.line.isAway = false;
  desk.line.isPending = false;
  desk.line.acts.length = 0;
});

const stageOf = async (caseNumber: string): Promise<string | undefined> =>
  (await desk.store.cases.get(caseNumber))?.progress?.stage;
const actionsOf = (caseNumber: string): Promise<number> =>
  desk.store.tasks.actions.countDocuments({ caseNumber });
const followed = (answer: Response, from: string): Promise<string> =>
  pageOf(new URL(answer.headers.get('location') ?? '', from).href);

const ready = (action: string, over?: Filled) => readyForm(desk, action, over);

describe('an act on the task page', () => {
  it.each([
    ['accept', 'accepted', 'İş kabul edildi: Fen İşleri Müdürlüğü'],
    ['resolve', 'resolved', 'Çukur kapatıldı.<br>Teşekkürler.'],
    ['reject', 'rejected', 'Yerinde yapılan incelemede sorun görülmedi'],
    ['reroute', 'assigned', 'Yönlendirildi: Fen İşleri Müdürlüğü → Park ve Bahçeler Müdürlüğü'],
    ['note', 'assigned', 'Ekip yolda.'],
  ])('%s leads to the stage %s, is confirmed and shown on the page', async (action, stage, told) => {
    const { caseNumber, url, fields } = await ready(action);
    const answer = await post(url, fields);
    expect(answer.status).toBe(303);
    expect(await stageOf(caseNumber)).toBe(stage);
    const page = await followed(answer, url);
    expect(page).toContain('İşleminiz kaydedildi');
    expect(page).toContain(told);
  });

  it.each(Object.keys(filled))(
    '%s stores its text under the nonce and sends no text to the case',
    async action => {
      const { caseNumber, url, fields } = await ready(action);
      await post(url, fields);
      const { words = null, reason = null, department = null, outcome = null } = fields as Partial<Filled>;
      expect(await desk.store.tasks.action(fields['nonce'] ?? '')).toMatchObject({
        caseNumber,
        action,
        task: 1,
        words: words?.replaceAll('\r\n', '\n') ?? null,
        reason,
        department,
        role: 'department',
      });
      expect(desk.line.acts).toEqual([
        {
          actionId: fields['nonce'],
          action,
          task: 1,
          role: 'department',
          ...(department && { department }),
          ...(outcome && { outcome }),
        },
      ]);
    },
  );

  it('names the role of the link that acted', async () => {
    const { caseNumber } = await desk.openCase();
    const link = await desk.linkTo(caseNumber, { role: 'chief' });
    const answer = await post(link.url, { ...fieldsOf(await pageOf(link.url), 'accept'), confirm: 'yes' });
    expect(await followed(answer, link.url)).toContain('İş kabul edildi: Fen İşleri Müdürü<');
  });

  it('sent twice, or fifty times concurrently, is applied once', async () => {
    const { caseNumber, url, fields } = await ready('note');
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(url, fields)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    const record = await desk.store.cases.get(caseNumber);
    const facts = await desk.store.cases.facts(caseNumber, record?.progress?.revision ?? 0);
    expect(facts.filter(({ type }) => type === 'noted')).toHaveLength(1);
    expect(await actionsOf(caseNumber)).toBe(1);
  });

  it('repeated after the case has changed is confirmed, not refused', async () => {
    const { caseNumber, url, fields } = await ready('resolve');
    await post(url, fields);
    await desk.take(caseNumber, { type: 'feedback', messageId: 'f', answer: 'solved' });
    desk.line.states.delete(caseNumber);
    const answer = await post(url, fields);
    expect(answer.status).toBe(303);
    expect(await followed(answer, url)).toContain('İşleminiz kaydedildi');
  });

  it('sent again with a different text keeps the first text and offers the new one as another act', async () => {
    const { caseNumber, url, fields } = await ready('note');
    await post(url, fields);
    const answer = await post(url, { ...fields, words: 'Başka sözler.' });
    const page = await answer.text();
    expect(answer.status).toBe(409);
    expect(page).toContain('Bu form daha önce gönderildi');
    expect(page).toContain('Başka sözler.</textarea>');
    expect(fieldsOf(page, 'note')['nonce']).not.toBe(fields['nonce']);
    expect(await actionsOf(caseNumber)).toBe(1);
  });

  it('is not confirmed if it was not applied', async () => {
    const { link } = await desk.openCase();
    expect(await pageOf(`${link.url}?done=${desk.links.nonceFor(link.tokenHash)}`)).not.toContain(
      'kaydedildi',
    );
  });
});

describe('an act that the case refuses', () => {
  it('because another person was faster shows what was done and keeps the entered text', async () => {
    const { caseNumber, url, fields } = await ready('resolve');
    await desk.take(caseNumber, acted('reject', 'other'));
    const answer = await post(url, fields);
    const page = await answer.text();
    expect(answer.status).toBe(409);
    expect(page).toContain('başka bir aşamaya geçti');
    expect(page).toContain('Gerekçeyle reddedildi: Fen İşleri Müdürlüğü');
    expect(page).toContain('Yazdığınız metin:');
    expect(page).toContain('Çukur kapatıldı.<br>Teşekkürler.');
    expect(await stageOf(caseNumber)).toBe('rejected');
  });

  it('because the task went to another department', async () => {
    const { caseNumber, url, fields } = await ready('accept');
    await desk.take(caseNumber, acted('reroute', 'r', { department: 'park-ve-bahceler' }));
    const answer = await post(url, fields);
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('Bu bağlantının görevi sona ermiş');
    expect(await stageOf(caseNumber)).toBe('assigned');
  });

  it('because it is already with that department', async () => {
    const { url, fields } = await ready('reroute', { department: 'fen-isleri' });
    const answer = await post(url, fields);
    const page = await answer.text();
    expect(answer.status).toBe(409);
    expect(page).toContain('Kayıt zaten bu müdürlükte');
    expect(page).toContain('Park alanı.</textarea>');
  });
});

describe('a citizen who opted out of messages', () => {
  const heard = { phone: '905551112233', bsuid: null, profileName: null, language: null, at: new Date() };
  const mute = async (citizenId: string): Promise<void> => {
    await desk.store.citizens.seen(citizenId, heard);
    await desk.store.citizens.stopped(citizenId, new Date());
  };

  it('is not asked: the page offers no question and says why', async () => {
    const { link } = await desk.openCase({ intake: { citizenId: 'c-mute-1' } });
    expect(await pageOf(link.url)).toContain('id="askCitizen-act"');
    await mute('c-mute-1');
    const page = await pageOf(link.url);
    expect(page).not.toContain('id="askCitizen-act"');
    expect(page).toContain('yalnızca sonuç bildirilir');
  });

  it('gets no message about an act before the outcome, as its form and its notice say', async () => {
    const { link } = await desk.openCase({ intake: { citizenId: 'c-mute-3' } });
    await mute('c-mute-3');
    const page = await pageOf(link.url);
    const form = (action: string) => new RegExp(`id="${action}-act"[^]*?</form>`).exec(page)?.[0] ?? '';
    expect(form('accept')).toContain('bu işlemde kendisine mesaj gitmez');
    expect(form('accept')).not.toContain('Önizle');
    expect(form('resolve')).toContain('bu sonuç yasa gereği yine de bildirilir');
    expect(form('resolve')).toContain('Önizle');
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const done = await post(link.url, { ...fieldsOf(page, 'accept'), day, confirm: 'yes' });
    const shown = await pageOf(new URL(done.headers.get('location') ?? '', link.url).href);
    expect(shown).toContain('İş kabul edildi; vatandaşa mesaj gitmedi.');
  });

  it('is not asked by a page opened before either, and the clock keeps running', async () => {
    const { caseNumber, link } = await desk.openCase({ intake: { citizenId: 'c-mute-2' } });
    const fields = fieldsOf(await pageOf(link.url), 'askCitizen');
    await mute('c-mute-2');
    const answer = await post(link.url, { ...fields, words: 'Hangi sokak?', confirm: 'yes' });
    const page = await answer.text();
    expect(answer.status).toBe(409);
    expect(page).toContain('Soru gönderilmedi');
    expect(page).toContain('Hangi sokak?');
    expect(await stageOf(caseNumber)).toBe('assigned');
  });
});

describe('while the workflows are unavailable', () => {
  it.each([
    ['isAway', 503, 'Sisteme şu anda ulaşılamıyor'],
    ['isPending', 202, 'İşleminiz alındı, henüz kesinleşmedi'],
  ] as const)(
    '(%s) the same form is shown again with its entries and works later',
    async (trouble, status, words) => {
      const { caseNumber, url, fields } = await ready('resolve');
      desk.line[trouble] = true;
      const answer = await post(url, fields);
      const page = await answer.text();
      expect(answer.status).toBe(status);
      expect(page).toContain(words);
      expect(page).toContain('Çukur kapatıldı.');
      expect(fieldsOf(page, 'resolve')['nonce']).toBe(fields['nonce']);
      desk.line[trouble] = false;
      expect((await post(url, fields)).status).toBe(303);
      expect(await stageOf(caseNumber)).toBe('resolved');
      expect(await actionsOf(caseNumber)).toBe(1);
    },
  );
});

describe('the preview', () => {
  it('shows exactly the message to the citizen, sends nothing, and keeps the form', async () => {
    const { caseNumber, url, fields } = await ready('resolve', { preview: 'yes', confirm: '' });
    const { confirm, ...unticked } = fields;
    expect(confirm).toBe('');
    const answer = await post(url, unticked);
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain('Vatandaş tam olarak bu mesajı alacak:');
    expect(page).toContain(`${caseNumber} numaralı kaydınız sonuçlandı.`);
    expect(page).toContain('Açıklama: Çukur kapatıldı.<br>Teşekkürler.');
    expect(page).toContain('Çözüldü · Kısmen çözüldü · Çözülmedi');
    expect(fieldsOf(page, 'resolve')['nonce']).toBe(fields['nonce']);
    expect(await stageOf(caseNumber)).toBe('assigned');
    expect(await actionsOf(caseNumber)).toBe(0);
  });

  it('is in the citizen’s language, with the reason that was chosen', async () => {
    const opened = await desk.openCase({ intake: { language: 'en' } });
    const fields = {
      ...fieldsOf(await pageOf(opened.link.url), 'reject'),
      ...filled['reject'],
      preview: 'yes',
    };
    const page = await (await post(opened.link.url, fields)).text();
    const reason = municipality.texts.en.rejectionReasons['not-found'] ?? 'none';
    expect(page).toContain(reason.replaceAll("'", '&#39;'));
  });
});
