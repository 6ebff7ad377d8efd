import nodemailer from 'nodemailer';
import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { startTestSandbox, until, type TestSandbox } from './support/local-sandbox';

let browser: Browser;
let sandbox: TestSandbox;
let page: Page;
let troubles: string[];

async function open(where = '/'): Promise<void> {
  await page.goto(sandbox.url + where);
}
const phone = (name: string): Locator => page.getByRole('article', { name });
const bubble = (name: string, words: string): Locator =>
  phone(name).locator('.bubble').filter({ hasText: words });
const received = (type: string) =>
  until(() =>
    sandbox.receiver
      .values()
      .flatMap(value => value.messages ?? [])
      .find(message => message.type === type),
  );

describeWithBrowser('the phone page', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    sandbox = await startTestSandbox();
    page = await browser.newPage({ viewport: { width: 1400, height: 850 } });
    troubles = [];
    page.on('pageerror', error => troubles.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    page.setDefaultTimeout(15_000);
  });
  afterEach(async () => {
    await page.close();
    await sandbox.dispose();
  });

  it('has a citizen on first opening, sends text with Enter and shows the delivery ticks', async () => {
    await open();
    await page.getByRole('textbox', { name: 'Mesaj' }).fill('Süvari’de çukur var');
    await page.keyboard.press('Enter');
    const message = await received('text');
    expect(message['text']).toEqual({ body: 'Süvari’de çukur var' });
    const mine = bubble('Ayşe Yılmaz', 'çukur var');
    await mine.getByRole('img', { name: 'iletildi', exact: true }).waitFor();
    await sandbox.graph('POST', '/106540352242922/messages', {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: message.id,
      typing_indicator: { type: 'text' },
    });
    await mine.getByRole('img', { name: 'okundu' }).waitFor();
    await phone('Ayşe Yılmaz').getByText('yazıyor…').waitFor();
    await phone('Ayşe Yılmaz').getByText('24 sa 0 dk kaldı').waitFor();
    expect(troubles).toEqual([]);
  });

  it('shows an answer as it arrives, and its button can be tapped', async () => {
    const citizen = await sandbox.newCitizen();
    await sandbox.control('POST', `/citizens/${citizen.id}/messages`, { type: 'text', body: 'merhaba' });
    await open();
    const buttons = ['Çözüldü', 'Çözülmedi'].map((title, index) => ({
      type: 'reply',
      reply: { id: `s${index}`, title },
    }));
    const interactive = { type: 'button', body: { text: '*PK-1* çözüldü mü?' }, action: { buttons } };
    await sandbox.send({ to: `+${citizen.phone}`, type: 'interactive', interactive });
    await bubble('Ayşe Yılmaz', 'PK-1 çözüldü mü?').getByRole('img', { name: 'okundu' }).waitFor();
    await page.getByRole('button', { name: 'Çözülmedi' }).click();
    const message = await received('interactive');
    expect(message['interactive']).toMatchObject({ button_reply: { id: 's1', title: 'Çözülmedi' } });
    await page.locator('.reply.taken', { hasText: 'Çözülmedi' }).waitFor();
  });

  it('shows a link as a button, below the photo and the footer of its message', async () => {
    const citizen = await sandbox.newCitizen();
    await sandbox.control('POST', `/citizens/${citizen.id}/messages`, { type: 'image', sample: 'pothole' });
    const image = (await received('image'))['image'] as { id: string };
    await open();
    const url = 'https://etimesgut.example/s/abc';
    const { status } = await sandbox.send({
      to: `+${citizen.phone}`,
      type: 'interactive',
      interactive: {
        type: 'cta_url',
        header: { type: 'image', image: { id: image.id } },
        body: { text: 'Bildiriminiz alındı.' },
        footer: { text: 'Etimesgut Belediyesi' },
        action: { name: 'cta_url', parameters: { display_text: 'Kaydımı aç', url } },
      },
    });
    expect(status).toBe(200);
    const message = bubble('Ayşe Yılmaz', 'Bildiriminiz alındı.');
    expect(await message.getByRole('link', { name: 'Kaydımı aç' }).getAttribute('href')).toBe(url);
    expect(await message.getByRole('img', { name: 'Fotoğraf' }).getAttribute('src')).toContain(image.id);
    await message.getByText('Etimesgut Belediyesi').waitFor();
  });

  it('shows the newest letter beside the phone, and an earlier one on request', async () => {
    await sandbox.newCitizen();
    await open();
    const letters = page.getByRole('region', { name: 'Son e-posta' });
    await letters.getByText('Birimlere giden e-postalar burada açılır.').waitFor();
    const transport = nodemailer.createTransport(sandbox.smtpUrl);
    for (const subject of ['Yol çukuru', 'Çöp']) {
      const mail = { from: 'bildirim@etimesgut.test', to: 'fen@etimesgut.test', subject };
      await transport.sendMail({ ...mail, text: subject, html: `<p>Görev: ${subject}</p>` });
      await letters.getByRole('heading', { name: subject }).waitFor();
    }
    transport.close();
    await letters.frameLocator('iframe').getByText('Görev: Çöp').waitFor();
    await letters.getByRole('button', { name: 'Yol çukuru' }).click();
    await letters.frameLocator('iframe').getByText('Görev: Yol çukuru').waitFor();
    expect(troubles).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('fits a phone 390 px wide, %s', async colorScheme => {
    const citizen = await sandbox.newCitizen();
    await sandbox.control('POST', `/citizens/${citizen.id}/messages`, { type: 'text', body: 'çukur' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme });
    for (const path of ['/', '/mailbox']) {
      await open(path);
      const widths = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect([path, await page.evaluate<number>(widths)]).toEqual([path, 0]);
      await page.getByRole('link', { name: 'Posta kutusu' }).waitFor();
    }
    const ground = 'getComputedStyle(document.body).backgroundColor';
    const [red = 0] = (/\d+/.exec(await page.evaluate<string>(ground)) ?? []).map(Number);
    expect(red > 128).toBe(colorScheme === 'light');
  });

  it('opens a list and sends the chosen row', async () => {
    const citizen = await sandbox.newCitizen();
    const rows = [
      { id: 'k1', title: 'Yol çukuru', description: 'Asfalt' },
      { id: 'k2', title: 'Çöp' },
    ];
    const action = { button: 'Konular', sections: [{ title: 'Sık bildirilenler', rows }] };
    await open();
    await sandbox.send({
      to: `+${citizen.phone}`,
      type: 'interactive',
      interactive: { type: 'list', body: { text: 'Konu?' }, action },
    });
    await sandbox.control('POST', `/citizens/${citizen.id}/window`, { open: true });
    await open();
    await page.getByRole('button', { name: 'Konular' }).click();
    await page.getByText('Yol çukuru').click();
    await page.locator('.sheet').getByRole('button', { name: 'Gönder' }).click();
    const message = await received('interactive');
    expect(message['interactive']).toMatchObject({
      list_reply: { id: 'k1', title: 'Yol çukuru', description: 'Asfalt' },
    });
  });

  it('answers a location request with a pin inside Etimesgut', async () => {
    const citizen = await sandbox.newCitizen();
    await open();
    const interactive = {
      type: 'location_request_message',
      body: { text: 'Nerede?' },
      action: { name: 'send_location' },
    };
    const { json } = await sandbox.send({ to: `+${citizen.phone}`, type: 'interactive', interactive });
    await page.getByRole('button', { name: 'Konum gönder' }).click();
    await page.locator('select[name=preset]').selectOption({ label: 'Eryaman Mahallesi' });
    await page.locator('.sheet').getByRole('button', { name: 'Gönder' }).click();
    const message = await received('location');
    expect(message).toMatchObject({
      location: { latitude: 39.97465, longitude: 32.62384 },
      context: { id: (json['messages'] as { id: string }[])[0]?.id },
    });
    await page.getByText('39.97465, 32.62384').waitFor();
  });

  it('sends a sample photo and one from the computer', async () => {
    await sandbox.newCitizen();
    await open();
    for (const own of [false, true]) {
      await page.getByRole('button', { name: 'Ekle', exact: true }).click();
      await page.getByRole('button', { name: 'Fotoğraf' }).click();
      const sheet = page.locator('.sheet:visible');
      if (own) {
        const buffer = readFileSync(`${__dirname}/../node_modules/mailparser/package.json`).subarray(0, 20);
        await sheet
          .getByLabel('veya bilgisayardan')
          .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer });
      } else {
        await sheet.getByRole('radio').nth(1).check({ force: true });
        await sheet.getByLabel('Açıklama').fill('çöpler');
      }
      await sheet.getByRole('button', { name: 'Gönder' }).click();
    }
    const images = await until(() => {
      const all = sandbox.receiver
        .values()
        .flatMap(value => (value.messages ?? []).map(message => message['image']));
      return all.length === 2 && all;
    });
    expect(images).toMatchObject([
      { mime_type: 'image/jpeg', caption: 'çöpler' },
      { mime_type: 'image/png' },
    ]);
  });

  it('shows the latest citizen, several side by side, and only the chosen ones', async () => {
    await sandbox.newCitizen({ name: 'Ayşe' });
    await sandbox.newCitizen({ name: 'Mehmet', username: 'mehmet.o' });
    await open();
    expect(await page.locator('.phone h2').allTextContents()).toEqual(['Mehmet']);
    await page.getByRole('checkbox', { name: 'Ayşe' }).check();
    await phone('Ayşe').waitFor();
    expect(await page.locator('.phone').count()).toBe(2);
    await page.getByRole('checkbox', { name: 'Ayşe' }).uncheck();
    await page.waitForURL(/\?phone=/);
    expect(await page.locator('.phone h2').allTextContents()).toEqual(['Mehmet']);
    await page.getByText('Vatandaş ekle').click();
    await page.getByLabel('Ad soyad').fill('Zeynep');
    await page.getByRole('button', { name: 'Ekle', exact: true }).first().click();
    await phone('Zeynep').waitFor();
    expect(await page.locator('.phone h2').allTextContents()).toEqual(['Mehmet', 'Zeynep']);
  });

  it('shows why a message outside the window was not delivered', async () => {
    const citizen = await sandbox.newCitizen();
    await open();
    await page.getByRole('button', { name: 'Telefonun ayarları' }).click();
    await page.getByRole('button', { name: '24 saatlik pencereyi kapat' }).click();
    await page.getByText('Pencere kapalı').waitFor();
    await sandbox.send({ to: `+${citizen.phone}`, type: 'text', text: { body: 'geç kaldık' } });
    const problem = bubble('Ayşe Yılmaz', 'geç kaldık').locator('.problem');
    expect(await problem.textContent()).toContain('Vatandaşa ulaşmadı. 131047');
  });

  it('sets and removes faults', async () => {
    await sandbox.newCitizen();
    await open();
    await page.getByRole('button', { name: 'Arızalar' }).click();
    await page.getByLabel('Tür').selectOption('server-error-500');
    await page.getByLabel('Kaç kez').fill('2');
    await page.getByRole('button', { name: 'Arızayı kur' }).click();
    await page.getByText('500: sunucu hatası · 2 kez').waitFor();
    await page.getByLabel('Tür').selectOption('smtp:451');
    await page.getByRole('button', { name: 'Arızayı kur' }).click();
    await page.getByText('451: geçici hata · 2 kez').waitFor();
    await page.getByRole('button', { name: 'Hepsini kaldır' }).click();
    await page.locator('.fault-list').getByText('Yok').waitFor();
    expect((await sandbox.control('GET', '/faults')).json).toEqual({ faults: [] });
  });

  it('shows any message as plain text', async () => {
    const citizen = await sandbox.newCitizen();
    const body = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    await sandbox.control('POST', `/citizens/${citizen.id}/messages`, { type: 'text', body });
    await open();
    await page.getByText(body).waitFor();
    expect(await page.locator('.thread img, .thread script').count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility violations found by axe, %s',
    async colorScheme => {
      await page.emulateMedia({ colorScheme });
      const citizen = await sandbox.newCitizen();
      await sandbox.control('POST', `/citizens/${citizen.id}/messages`, { type: 'image', caption: 'çukur' });
      await open();
      await page.getByRole('button', { name: 'Arızalar' }).click();
      // Use `evaluate` instead of a script tag: the page's policy forbids inline scripts.
      await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
      const faults = await page.evaluate<string[]>(
        "axe.run().then(result => result.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' ')))",
      );
      expect(faults).toEqual([]);
    },
  );
});
