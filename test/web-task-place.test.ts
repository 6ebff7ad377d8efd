import type { CaseIntake, LocationNote, SimilarReports } from '../src/store/case-records';
import { acted } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { pageOf } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('place');
});
afterAll(() => desk.stop());

const note: LocationNote = {
  source: 'pin',
  precision: 'point',
  street: null,
  road: 'street',
  keptRoad: null,
  namedInWords: null,
  borderMetres: 2_400,
  neighbour: null,
};
/** Returns the text of a page without tags, entities and line breaks. */
const readable = (html: string): string =>
  html
    .replace(/<style>[^]*?<\/style>|<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');

async function shownFor(intake: Partial<CaseIntake>, department = 'fen-isleri'): Promise<string> {
  const { link } = await desk.openCase({ intake, desk: department });
  return readable(await pageOf(link.url));
}

describe('the task page says about the place', () => {
  it('that a pin came later than the warnings', async () => {
    const place = { latitude: 39.95, longitude: 32.64, name: null, address: null };
    const { link } = await desk.openCase({
      messages: [{ words: 'çukur' }, { type: 'location', place }],
      intake: { location: { ...note, borderMetres: 90 } },
    });
    expect(readable(await pageOf(link.url))).toContain(
      'Aşağıdaki konum kayıt açıldıktan sonra gönderildi; yukarıdaki notlar o sıradaki bilgiye göredir.',
    );
  });
});

describe('the task page says why the report came here', () => {
  const deskReason = 'Yolun kimin sorumluluğunda olduğu bildirim masasınca belirlenecektir.';

  it('by the rule of jurisdiction, to the desk that the rule chose only', async () => {
    expect(await shownFor({ deskReason })).toContain(deskReason);
    const { caseNumber } = await desk.openCase({ intake: { deskReason } });
    await desk.take(caseNumber, acted('reroute', `${caseNumber}-r`, { department: 'park-ve-bahceler' }));
    const later = await desk.linkTo(caseNumber, { task: 2, department: 'park-ve-bahceler' });
    expect(await pageOf(later.url)).not.toContain(deskReason);
  });

  it('and its first act at the triage desk is to route it', async () => {
    const { link } = await desk.openCase({ intake: {}, desk: 'triage' });
    const [, first] = /<div class="bar">\s*<details id="([^"]*)"/.exec(await pageOf(link.url)) ?? [];
    expect(first).toBe('reroute-act');
  });

  it('and to the triage desk the other candidates', async () => {
    const guessed = [
      { slug: 'pothole', confidence: 0.62 },
      { slug: 'pavement', confidence: 0.21 },
      { slug: 'unknown-by-now', confidence: 0.1 },
      { slug: 'graffiti', confidence: 0.01 },
    ];
    const shown = await shownFor({ confidence: 0.62, guessed }, 'triage');
    expect(shown).toContain('Konu şu sözcüklerden belirlendi: çukur (eminlik %62)');
    expect(shown).toMatch(/Metne göre öteki olası konular: [^,]+ \(%21\) /);
    expect(await shownFor({ guessed })).not.toContain('olası konular');
  });

  it("by the citizen's own choice", async () => {
    const shown = await shownFor({ chosenByCitizen: true, matchedWords: [] }, 'triage');
    expect(shown).toContain('Konuyu vatandaş listeden seçti.');
    expect(shown).not.toContain('eminlik');
  });
});

describe('a proposal to join a nearby case', () => {
  const similar = (leader: string): SimilarReports => ({
    leader,
    metres: 42,
    likeness: 0.38,
    reports: 2,
    same: false,
  });
  const words =
    'Yakında aynı konuda 2 açık bildirim daha var: en yakını yaklaşık 40 metre uzaklıkta, sözcükleri %38 ortak.';

  it('names the case to join, which its form has chosen', async () => {
    const leader = await desk.openCase();
    const { link } = await desk.openCase({ intake: { similar: similar(leader.caseNumber) } });
    const page = await pageOf(link.url);
    expect(readable(page)).toContain(words);
    expect(page).toContain('href="?act=join#join-act"');
    expect(page).toMatch(new RegExp(`name="pick"[^>]*value="${leader.caseNumber}" checked`));
  });

  it("does not show another department's case number", async () => {
    const leader = await desk.openCase({ desk: 'park-ve-bahceler' });
    const { link } = await desk.openCase({ intake: { similar: similar(leader.caseNumber) } });
    const page = await pageOf(link.url);
    expect(readable(page)).toContain(words);
    expect(page).not.toContain(leader.caseNumber);
    expect(page).not.toContain('href="?act=join#join-act"');
  });

  it('disappears once the case was joined or separated', async () => {
    const leader = await desk.openCase();
    const { caseNumber, link } = await desk.openCase({ intake: { similar: similar(leader.caseNumber) } });
    const act = { task: 1, leader: leader.caseNumber };
    await desk.take(caseNumber, { type: 'acted', act: { ...act, actionId: 'j', action: 'join' } });
    expect(await pageOf(link.url)).not.toContain('Yakında aynı konuda');
    await desk.take(caseNumber, { type: 'acted', act: { task: 1, actionId: 's', action: 'separate' } });
    expect(await pageOf(link.url)).not.toContain('Yakında aynı konuda');
  });
});
