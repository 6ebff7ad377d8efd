import { intakeOf } from '../activities/case-intake';
import { loadMunicipality } from '../src/config/municipality';
import type { CaseKind } from '../src/domain/case/case';
import type { Priority } from '../src/domain/sla/sla';
import type { Citizen } from '../src/store/citizen-records';
import { wordsMessage } from './support/cases';

const municipality = loadMunicipality('config/etimesgut');
const citizen = { id: 'c-1', language: 'tr', noticeGivenAt: null } as Citizen;

test.each<[CaseKind, Priority, string, CaseKind | undefined]>([
  ['problem', 'p2', 'Süvari mahallesi 1234. sokakta çukur var', undefined],
  ['suggestion', 'p4', 'Önerim: Göksu Parkına bisiklet yolu yapılsa güzel olur', 'suggestion'],
  ['thanks', 'p4', 'Park çalışanlarına teşekkür ederim, ellerinize sağlık', undefined],
  ['problem', 'p1', 'Önerim bu çukuru kapatın, çok tehlikeli, birisi ölecek', 'suggestion'],
])('%s of priority %s: %s', (kind, priority, words, told) => {
  const intake = intakeOf(municipality, citizen, [wordsMessage({ words })], told ? { kind: told } : {});
  expect([intake.kind, intake.priority]).toEqual([kind, priority]);
});
