import { join } from 'node:path';
import { Command } from 'commander';
import { intakeOf, type Choice } from '../activities/case-intake';
import { settledReports } from '../src/cli/admin/routing-train';
import { registerRoutingReport } from '../src/cli/admin/report';
import { loadMunicipality } from '../src/config/municipality';
import { type CaseState, newCaseState } from '../src/domain/case/case';
import { courseOf, labelOf } from '../src/reports/case-course';
import { type RoutingReport, routingReportOf, routingTable } from '../src/reports/routing-report';
import type { Citizen } from '../src/store/citizen-records';
import { openStore, type Store } from '../src/store/store';
import { DAY, opening, planAt, T0, wordsMessage } from './support/cases';
import { testMongoUri } from './support/services';

const folder = join(__dirname, '../config/etimesgut');
const municipality = loadMunicipality(folder);

interface Played {
  words: string;
  choice?: Choice;
  /** Its final desk or institution. */
  desk?: string;
  institution?: string;
  reroutes?: number;
  outcome?: CaseState['outcome'];
  /** The subject that people corrected it to. */
  corrected?: string;
}

let made = 0;

function played({
  words,
  choice,
  desk,
  institution,
  reroutes = 0,
  outcome = 'resolved',
  corrected: right,
}: Played) {
  made += 1;
  const caseNumber = `PK-0000-${String(made).padStart(4, '0')}`;
  const message = wordsMessage({ id: `m-${made}`, words, caseNumber });
  const citizen = { id: 'c-1', language: 'tr', noticeGivenAt: null } as Citizen;
  const intake = intakeOf(municipality, citizen, [message], choice);
  const at = desk ?? intake.desk;
  const { handled: _handled, ...progress } = {
    ...newCaseState(opening({ caseNumber, plan: planAt(T0, at) })),
    stage: outcome === 'handedOff' ? ('handedOff' as const) : ('closed' as const),
    outcome: intake.institution ? ('handedOff' as const) : outcome,
    rerouteCount: reroutes,
    institution: institution === undefined ? intake.institution : { slug: institution, name: institution },
    revision: 1,
  };
  const corrected =
    right === undefined ? {} : { corrected: { category: { slug: right, name: right }, similar: null } };
  return { caseNumber, intake, progress, message, ...corrected };
}

const right: Played = { words: 'Yolda büyük bir çukur var' };
const sentOn: Played = {
  words: 'Parkta çocuk oyun alanı var, salıncak kırık',
  desk: 'fen-isleri',
  reroutes: 1,
};
const chosen: Played = { words: 'Komşu gürültü yapıyor', choice: { chosenCategory: 'stray-animal' } };
const sorted: Played = { words: 'direk eğilmiş', desk: 'park-ve-bahceler', reroutes: 1 };
const handed: Played = { words: 'Sokak lambası yanmıyor', outcome: 'handedOff' };
const put: Played = {
  words: 'Yolda büyük bir çukur var',
  desk: 'park-ve-bahceler',
  reroutes: 1,
  corrected: 'tree',
};
const within: Played = { words: 'Yolda büyük bir çukur var', corrected: 'pavement' };
const all = [right, right, sentOn, chosen, sorted, handed];

function reportOf(cases: Played[]): RoutingReport {
  return routingReportOf(cases.map(one => courseOf(municipality, played(one))));
}

describe('the training label of a case', () => {
  test.each<[string, Played, string | null, string?]>([
    ['a report that stayed at the guessed owner', right, 'department fen-isleri'],
    ['a reroute is a correction', sentOn, 'department fen-isleri'],
    ["the citizen's choice from the list", chosen, 'department veteriner-isleri'],
    ['the choice of the triage desk', sorted, 'department park-ve-bahceler'],
    ['a matter of an institution', handed, 'institution baskent-edas'],
    [
      'an owner chosen by place says nothing about the text',
      { words: 'Ayaş Ankara Yolu üzerinde çukur var', outcome: 'handedOff' },
      'department fen-isleri',
    ],
    ['a case that is still at the triage desk', { words: 'direk eğilmiş' }, null],
    ['a corrected subject', put, 'department park-ve-bahceler', 'tree'],
    ['a corrected subject of the same department', within, 'department fen-isleri', 'pavement'],
    [
      'a corrected subject says more than the desk that took the case',
      { ...put, desk: 'zabita', reroutes: 2 },
      'department park-ve-bahceler',
      'tree',
    ],
  ])('%s', (_why, one, owner, subject = null as never) => {
    expect(labelOf(courseOf(municipality, played(one)))).toEqual({ owner, subject });
  });
});

describe('the report', () => {
  const report = reportOf(all);

  test('counts how the first owner was chosen, and the choices that agreed with the guess', () => {
    expect(report).toMatchObject({
      cases: 6,
      decidedBy: { words: 4, citizen: 1, nobody: 1 },
      rerouted: 2,
      choices: { made: 2, asGuessed: 0 },
    });
    const agreed = { words: 'komşu gürültü', choice: { chosenCategory: 'noise' } };
    expect(reportOf([agreed]).choices).toEqual({ made: 1, asGuessed: 1 });
  });

  test('lists confused owners and who corrected them', () => {
    const times = { list: 0, triage: 0, reroute: 0, correction: 0 };
    expect(report.confusions).toHaveLength(3);
    expect(report.confusions).toEqual(
      expect.arrayContaining([
        {
          guessed: 'department park-ve-bahceler',
          right: 'department fen-isleri',
          times: { ...times, reroute: 1 },
        },
        { guessed: 'department zabita', right: 'department veteriner-isleri', times: { ...times, list: 1 } },
        {
          guessed: 'institution baskent-edas',
          right: 'department park-ve-bahceler',
          times: { ...times, triage: 1 },
        },
      ]),
    );
  });

  test('lists rerouted subjects, and the terms of wrong and right guesses', () => {
    expect(report.subjects[0]).toMatchObject({ cases: 1, rerouted: 1 });
    expect(report.subjects.map(({ subject }) => subject)).not.toContain('pothole');
    expect(report.terms.map(({ term }) => term)).toContain('salıncak');
    expect(report.terms.map(({ term }) => term)).not.toContain('çukur');
    const both = reportOf([sentOn, { words: sentOn.words }]);
    expect(both.terms.find(({ term }) => term === 'salıncak')).toEqual({
      term: 'salıncak',
      wrong: 1,
      right: 1,
    });
  });

  test('lists corrected subjects, and the owners they were confused with', () => {
    const { corrections, confusions, choices } = reportOf([put, put, within, right]);
    expect(corrections).toEqual([
      { recorded: 'pothole', right: 'tree', times: 2 },
      { recorded: 'pothole', right: 'pavement', times: 1 },
    ]);
    expect(confusions).toEqual([
      {
        guessed: 'department fen-isleri',
        right: 'department park-ve-bahceler',
        times: { list: 0, triage: 0, reroute: 0, correction: 2 },
      },
    ]);
    expect(choices.made).toBe(0);
    const table = routingTable(municipality, reportOf([put]), '1 – 30');
    expect(table).toMatch(/Düzeltilen konular\nKaydedilen.*\nYol çukuru\s+\S.*1/);
  });

  test('is in Turkish, also without cases', () => {
    const table = routingTable(municipality, report, '1 – 30');
    expect(table).toContain('Veteriner İşleri Müdürlüğü');
    expect(table).toContain('Yanıltan sözcükler');
    expect(routingTable(municipality, reportOf([]), '1 – 30')).toMatch(/Karıştırılanlar\nyok/);
  });
});

describe('from the records', () => {
  let store: Store;
  const environment = { ...process.env };
  beforeAll(async () => {
    const uri = testMongoUri('routing-report');
    process.env['MONGODB_URI'] = uri;
    process.env['CONFIG_DIR'] = folder;
    process.env['TEMPORAL_ADDRESS'] = '127.0.0.1:7233';
    store = openStore(uri, { operationLimitMs: 30_000 });
    for (const { caseNumber, intake, progress, message, ...rest } of [...all, put].map(played)) {
      await store.messages.add(message);
      await store.cases.open(caseNumber, intake);
      await store.cases.write(progress, []);
      if (rest.corrected) await store.cases.correct(caseNumber, rest.corrected);
    }
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    process.env = environment;
    await store.close();
  });

  async function asked(...args: string[]): Promise<RoutingReport> {
    const said: string[] = [];
    jest.spyOn(console, 'log').mockImplementation(words => void said.push(String(words)));
    const admin = new Command().exitOverride();
    registerRoutingReport(admin);
    await admin.parseAsync(['routing-report', '--json', ...args], { from: 'user' });
    return JSON.parse(said.join('\n')) as RoutingReport;
  }

  test('the command reports only the cases received on the requested days', async () => {
    const report = await asked('--from', '2026-11-25', '--to', '2026-11-25');
    expect(report).toMatchObject({ ...reportOf([...all, put]) });
    expect((await asked('--from', '2026-11-26', '--to', '2026-11-30')).cases).toBe(0);
  });

  test('settled cases become labelled texts for training', async () => {
    const read: number[] = [];
    const labelled = await settledReports(municipality, store, new Date(T0 + DAY), n => read.push(n));
    expect(read).toEqual([7]);
    expect(labelled).toContainEqual({ text: sorted.words, owner: 'department park-ve-bahceler' });
    expect(labelled).toContainEqual({ text: sentOn.words, owner: 'department fen-isleri' });
    expect(labelled).toContainEqual({
      text: put.words,
      owner: 'department park-ve-bahceler',
      subject: 'tree',
    });
    expect(labelled).toHaveLength(7);
  });
});
