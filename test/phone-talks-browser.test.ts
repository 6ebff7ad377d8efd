import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { startLine, type TestLine } from './support/line';
import { taskLink } from './support/line/cases-of-line';
import { caseNumberIn } from './support/line/phones';
import { actOn } from './support/line/task-page';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { sideBySide } from './support/side-by-side';

/** One citizen's phone in the browser. */
interface Phone {
  say(words: string): Promise<void>;
  /** Waits for a message of the municipality with this text. Returns the whole message. */
  hears(words: string): Promise<string>;
  tap(button: string): Promise<void>;
  choose(list: string, row: string): Promise<void>;
  sendPin(place?: string): Promise<void>;
  sendPhoto(): Promise<void>;
}

/** The folder for screenshots at the end of each conversation, if set. */
const shots = process.env['TEST_SHOTS'];
const pothole = 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor';
const roads = 'fen.isleri@etimesgut.example';
const LONGEST_WAIT_MS = 60_000;

let line: TestLine;
let browser: Browser;

function phoneOn(page: Page): Phone {
  const heard = (words: string): Locator => page.locator('.bubble').filter({ hasText: words }).last();
  const sheet = page.locator('.sheet:visible');
  const pick = async (place: string): Promise<void> => {
    await page.locator('select[name=preset]:visible').selectOption({ label: place });
    await sheet.getByRole('button', { name: 'Gönder' }).click();
  };
  return {
    async say(words) {
      await page.getByRole('textbox', { name: 'Mesaj' }).fill(words);
      await page.keyboard.press('Enter');
    },
    async hears(words) {
      await heard(words).waitFor({ timeout: LONGEST_WAIT_MS });
      return (await heard(words).textContent()) ?? '';
    },
    tap: title => page.getByRole('button', { name: title, exact: true }).last().click(),
    async choose(list, row) {
      await page.getByRole('button', { name: list }).last().click();
      await sheet.getByText(row, { exact: true }).click();
      await sheet.getByRole('button', { name: 'Gönder' }).click();
    },
    async sendPin(place = 'Eryaman Mahallesi') {
      await page.getByRole('button', { name: 'Konum gönder' }).last().click();
      await pick(place);
    },
    async sendPhoto() {
      await page.getByRole('button', { name: 'Ekle', exact: true }).click();
      await page.getByRole('button', { name: 'Fotoğraf' }).click();
      await sheet.getByRole('radio').first().check({ force: true });
      await sheet.getByRole('button', { name: 'Gönder' }).click();
    },
  };
}

async function reported(phone: Phone, words = pothole): Promise<string> {
  await phone.say(words);
  return caseNumberIn(await phone.hears('Bildiriminiz alındı'));
}

function shows(told: string, ...parts: string[]): void {
  for (const part of parts) assert.ok(told.includes(part), `"${told}" lacks "${part}"`);
}

/** Each conversation is a different citizen's, in a separate window. */
const talks: Record<string, (phone: Phone) => Promise<void>> = {
  async 'a clear report leads only to the question for its place, and gets number, date, department and target'(
    phone,
  ) {
    await phone.say('Yolda büyük bir çukur var, arabalar zarar görüyor');
    await phone.hears('konumu paylaşır mısınız');
    await phone.sendPin();
    const told = await phone.hears('Bildiriminiz alındı');
    shows(told, 'Kayıt no: PK-', 'Konu: Yol çukuru', 'Eryaman', 'Fen İşleri', 'Hedeflenen çözüm');
  },

  async 'the subject of an unclear report is chosen from the list'(phone) {
    await phone.say('Yolda çukur ve lamba sorunu');
    await phone.hears('konuyu listeden seçer misiniz');
    await phone.choose('Konu seçiniz', 'Yol çukuru');
    await phone.hears('konumu paylaşır mısınız');
    await phone.sendPin();
    shows(await phone.hears('Bildiriminiz alındı'), 'Konu: Yol çukuru');
  },

  async 'a report without a matching subject goes to the triage desk'(phone) {
    await phone.say('Yolda çukur ve lamba sorunu');
    await phone.hears('konuyu listeden seçer misiniz');
    await phone.choose('Konu seçiniz', 'Başka bir konu');
    await phone.hears('konumu paylaşır mısınız');
    await phone.sendPin();
    shows(await phone.hears('Bildiriminiz alındı'), 'İlgili birim: Bildirim Masası');
  },

  async 'a matter of an institution is answered with its owner, the reason and the contact'(phone) {
    await phone.say('Eryaman mahallesi 5. sokakta sokak lambası yanmıyor');
    const told = await phone.hears('görev alanında değildir');
    shows(told, 'Yetkili kurum: ', 'görevlimiz mesai saatlerinde', 'arayabilirsiniz: 186');
  },

  async 'the reporter of a known problem learns that it is known and when it will be fixed'(phone) {
    await phone.say('Parktaki salıncak kırık, çocuklar düşüyor');
    await phone.hears('konumu paylaşır mısınız');
    await phone.sendPin('Elvan Mahallesi');
    await phone.hears('Bildiriminiz alındı');
    const second = await opened('Aynı yerdeki komşu');
    await second.phone.say('Parktaki salıncak kırık, çocuklar düşüyor');
    await second.phone.hears('konumu paylaşır mısınız');
    await second.phone.sendPin('Elvan Mahallesi');
    const told = await second.phone.hears('daha önce de bildirildi');
    shows(told, 'Hedeflenen çözüm');
    await second.close('duplicate');
  },

  async 'a report is withdrawn after a confirmation'(phone) {
    await reported(phone);
    await phone.say('iptal');
    await phone.hears('iptal edilsin mi');
    await phone.tap('Evet, iptal edilsin');
    await phone.hears('geri çekildi');
  },

  async 'a later photo is added to the case'(phone) {
    const caseNumber = await reported(phone);
    await phone.sendPhoto();
    await phone.hears(`Gönderiniz ${caseNumber} numaralı kaydınıza eklendi`);
  },

  async 'a smell of gas is answered with 112 and 187'(phone) {
    await phone.say('Eryaman mahallesi 3. sokakta gaz kokusu var, patlayacak');
    shows(await phone.hears("HEMEN 112'yi"), '187');
  },

  async 'an outcome is confirmed by a button and rated by a list'(phone) {
    const caseNumber = await reported(phone);
    await actOn(await taskLink(line, roads, caseNumber), 'resolve', { words: 'Çukur dolduruldu.' });
    await phone.hears('Açıklama: Çukur dolduruldu.');
    await phone.tap('Çözüldü');
    await phone.hears('kaydınız kapatıldı');
    await phone.choose('Puan veriniz', '5 – Çok iyi');
    await phone.hears('Değerlendirmeniz için teşekkür ederiz');
  },
};

async function opened(name: string): Promise<{ phone: Phone; close: (shot: string) => Promise<void> }> {
  const { id } = await line.phones.newPerson({ name });
  const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  page.setDefaultTimeout(LONGEST_WAIT_MS);
  await page.goto(`${line.sandboxUrl}/?phone=${id}`);
  return {
    phone: phoneOn(page),
    async close(shot) {
      if (shots !== undefined) {
        mkdirSync(shots, { recursive: true });
        await page.screenshot({ path: join(shots, `${shot}.png`) });
      }
      await page.close();
    },
  };
}

describeWithBrowser('on the phone', () => {
  const running = sideBySide();

  beforeAll(async () => {
    [line, browser] = await Promise.all([startLine('phone-talks'), openBrowser()]);
    // All run concurrently, because conversations mostly wait.
    for (const [place, [name, talk]] of Object.entries(talks).entries()) {
      const { phone, close } = await opened(`Vatandaş ${place + 1}`);
      const end = (): Promise<void> => close(String(place + 1).padStart(2, '0'));
      running.begin(name, talk(phone).finally(end));
    }
  }, 120_000);
  afterAll(async () => {
    await running.ended();
    await browser.close();
    await line.stop();
  }, 120_000);

  it.each(Object.keys(talks))(
    '%s',
    async name => {
      expect(await running.failureOf(name)).toBeNull();
    },
    150_000,
  );
});
