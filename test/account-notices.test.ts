import { Command } from 'commander';
import { mailNotice } from '../activities/tell-staff';
import type { Deps } from '../activities/deps';
import { registerSending } from '../src/cli/admin/sending';
import { loadMunicipality } from '../src/config/municipality';
import type { LetterToSend } from '../src/mail/letter-outbox';
import { openStore, type Store } from '../src/store/store';
import { createIntake } from '../src/whatsapp/intake';
import { hearingListeners, type HearingListeners } from './support/listeners';
import { startTestSandbox, until } from './support/local-sandbox';
import { testMongoUri } from './support/services';
import { bodyOf, envelope, phoneNumberId } from './support/webhook-bodies';

const uri = testMongoUri('notices');
let store: Store;
let gateway: HearingListeners;
beforeEach(async () => {
  store = openStore(uri);
  gateway = hearingListeners();
  await store.accountNotices.model.deleteMany({});
});
afterEach(() => store.close());

const counted = { inc: jest.fn() };
async function take(...notices: [field: string, value: object][]): Promise<void> {
  const none = { inc: jest.fn() };
  const metrics = {
    ...{ webhookMessages: none, webhookStatuses: none, deadLetters: none, handOverFailures: none },
    accountNotices: counted,
  };
  const intake = createIntake({ store, phoneNumberId, gateway, log: { warn: jest.fn() }, metrics });
  for (const [field, value] of notices) await intake(bodyOf(envelope(value, field)));
  await intake.drain();
}
const template = { message_template_name: 'case_resolved', message_template_language: 'tr' };
const paused: [string, object] = ['message_template_status_update', { event: 'PAUSED', ...template }];

it.each<[string, string, object, object]>([
  ['a paused template', ...paused, { about: 'case_resolved tr', event: 'PAUSED', severity: 'alarm' }],
  [
    'a rejected template',
    'message_template_status_update',
    { event: 'REJECTED', reason: 'ABUSIVE_CONTENT', ...template },
    { event: 'REJECTED', details: 'ABUSIVE_CONTENT', severity: 'alarm' },
  ],
  [
    'an approved template',
    'message_template_status_update',
    { event: 'APPROVED', reason: null, ...template },
    { event: 'APPROVED', details: null, severity: 'info' },
  ],
  [
    'a template that became marketing',
    'template_category_update',
    { previous_category: 'UTILITY', new_category: 'MARKETING', ...template },
    { event: 'MARKETING', details: 'UTILITY', severity: 'alarm' },
  ],
  [
    'a template blocked by citizens',
    'message_template_quality_update',
    { previous_quality_score: 'GREEN', new_quality_score: 'RED', ...template },
    { event: 'RED', details: 'GREEN', severity: 'alarm' },
  ],
  [
    'a flagged number',
    'phone_number_quality_update',
    { display_phone_number: '905333380606', event: 'FLAGGED', current_limit: 'TIER_1K' },
    { about: '905333380606', event: 'FLAGGED', details: 'TIER_1K', severity: 'alarm' },
  ],
  [
    'a ban',
    'account_update',
    { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'SCHEDULE_FOR_DISABLE' } },
    { event: 'DISABLED_UPDATE', details: 'SCHEDULE_FOR_DISABLE', severity: 'alarm' },
  ],
  [
    'a restriction',
    'account_update',
    {
      event: 'ACCOUNT_RESTRICTION',
      restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: 1 }],
    },
    {
      event: 'ACCOUNT_RESTRICTION',
      details: 'RESTRICTED_BIZ_INITIATED_MESSAGING',
      severity: 'alarm',
    },
  ],
  [
    'the end of a ban',
    'account_update',
    { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } },
    { severity: 'info' },
  ],
  [
    'a low limit',
    'business_capability_update',
    { max_daily_conversation_per_phone: 250 },
    { severity: 'warning' },
  ],
  ['no limit', 'business_capability_update', { max_daily_conversation_per_phone: -1 }, { severity: 'info' }],
  [
    'a limit by its tier',
    'business_capability_update',
    { max_daily_conversations_per_business: 'TIER_10K' },
    { event: 'TIER_10K', severity: 'info' },
  ],
  ['an unreadable notice', 'account_update', { event: 7, ban_info: [] }, { event: '7', severity: 'info' }],
])('%s is stored and counted, and leaves no dead letter', async (_, field, value, expected) => {
  counted.inc.mockClear();
  const letters = await store.deadLetters.model.countDocuments();
  await take([field, value], [field, value]);
  const [notice, ...others] = await store.accountNotices.latest(9);
  expect(others).toEqual([]);
  expect(notice).toMatchObject({ field, handedOver: true, ...expected });
  expect(counted.inc.mock.calls).toEqual([[{ field, severity: notice?.severity }]]);
  expect(gateway.notices).toEqual(notice?.severity === 'info' ? [] : [notice?.id]);
  expect(await store.deadLetters.model.countDocuments()).toBe(letters);
});

it('waits for the sweeper while the workflows are unavailable', async () => {
  gateway.isAway = true;
  await take(paused);
  const waiting = await store.accountNotices.waiting(new Date(0), new Date(Date.now() + 1_000), 9);
  expect(waiting).toMatchObject([{ event: 'PAUSED', handedOver: false }]);
});

it('is mailed to the operator with advice', async () => {
  await take(paused);
  const sent: LetterToSend[] = [];
  const letterOutbox = { send: async (letter: LetterToSend) => void sent.push(letter) };
  const municipality = loadMunicipality('config/etimesgut');
  const mail = mailNotice({ store, municipality, letterOutbox } as unknown as Deps);
  await mail({ noticeId: gateway.notices[0] ?? '' });
  expect(sent).toMatchObject([{ recipient: 'operator', to: municipality.operator }]);
  expect(sent[0]?.letter.subject).toContain('case_resolved tr');
  expect(sent[0]?.letter.text).toContain('WhatsApp Manager');
});

it('is shown with its current state by the command', async () => {
  await take(paused, ['message_template_status_update', { event: 'APPROVED', ...template }]);
  const printed: string[] = [];
  jest.spyOn(console, 'log').mockImplementation(line => void printed.push(String(line)));
  const before = { ...process.env };
  process.env = { ...before, MONGODB_URI: uri, TEMPORAL_ADDRESS: '127.0.0.1:7233' };
  const program = new Command();
  registerSending(program);
  await program.parseAsync(['sending'], { from: 'user' });
  process.env = before;
  jest.restoreAllMocks();
  expect(printed[0]).toBe('Messages are sent.');
  expect(printed.slice(1)).toEqual([expect.stringMatching(/case_resolved tr {2}APPROVED/)]);
});

it('can be sent by the sandbox like Meta does', async () => {
  const sandbox = await startTestSandbox();
  const notice = { field: 'message_template_status_update', value: { event: 'PAUSED', ...template } };
  expect((await sandbox.control('POST', '/notices', notice)).status).toBe(202);
  expect((await sandbox.control('POST', '/notices', { field: 'messages', value: {} })).status).toBe(400);
  const [first] = await until(() => sandbox.receiver.received.length > 0 && sandbox.receiver.received);
  expect(first?.json).toMatchObject({ entry: [{ changes: [notice] }] });
  await sandbox.dispose();
});
