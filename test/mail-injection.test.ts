import { startLetterDesk, type LetterDesk } from './support/letter-desk';

let desk: LetterDesk;
beforeAll(async () => {
  desk = await startLetterDesk('injection');
});
beforeEach(() => {
  desk.box.mails.length = 0;
});
afterAll(() => desk.stop());

const attacks: [string, string, string][] = [
  [
    'HTML',
    '<script>alert(1)</script><img src=x onerror=y>',
    '<script>alert(1)</script><img src=x onerror=y>',
  ],
  ['an attribute', '" onmouseover="x" \'', '" onmouseover="x" \''],
  ['template marks', '<%= it.link %> <% while(true){} %> {{it}} ${1}', '<%= it.link %>'],
  ['a header', 'Konu\r\nBcc: kurban@example.org\r\n\r\ngövde', 'Bcc: kurban@example.org'],
  ['a change of direction', 'gizli \u202egnp.exe\u2066 son', 'gizli gnp.exe son'],
  ['a lone surrogate and a null', 'a\ud800b\u0000c', 'a\ufffdbc'],
  ['an end of the letter', 'önce\r\n.\r\nQUIT\r\nsonra', 'QUIT'],
];

describe.each(attacks)('%s', (_, attack, shown) => {
  it('of a citizen, a place or a colleague is shown as text and does not affect headers', async () => {
    const place = { latitude: 39.9, longitude: 32.6, name: attack, address: attack };
    await desk.store.citizens.seen('c-1', {
      phone: '905551112233',
      bsuid: null,
      profileName: attack,
      language: null,
      at: new Date(),
    });
    const { caseNumber } = await desk.openCase({
      messages: [{ words: attack, place }],
      intake: { category: { slug: 'aid', name: 'x' } },
    });
    const actionId = `${caseNumber}-a`;
    await desk.store.tasks.addAction({
      actionId,
      caseNumber,
      task: 1,
      action: 'handOver',
      words: attack,
      reason: null,
      department: null,
      colleague: 'meslektas@etimesgut.example',
      role: 'department',
      actor: null,
      at: new Date(),
    });
    const record = await desk.store.cases.get(caseNumber);
    if (!record?.progress) throw new Error('no case');
    const revision = record.progress.revision + 1;
    await desk.store.cases.write({ ...record.progress, revision }, [
      { at: Date.now(), type: 'handedOver', actionId, desk: 'fen-isleri' },
    ]);
    await desk.send(caseNumber, 1, { letter: 'handOver', actionId });

    const [mail] = desk.box.mails;
    expect(mail?.to).toEqual(['meslektas@etimesgut.example']);
    expect(mail?.subject).toBe(`Sosyal yardım, Süvari · Görev size devredildi · ${caseNumber}`);
    const names = [...(mail?.headers.keys() ?? [])].sort();
    expect(names).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'in-reply-to',
      'message-id',
      'mime-version',
      'references',
      'subject',
      'to',
      'x-auto-response-suppress',
    ]);
    const html = mail?.html || '';
    expect(mail?.text).toContain(shown);
    expect(html).not.toMatch(/<(script|img|%)/);
    expect(html).not.toMatch(/<[^>]*\son\w+=/);
    const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069]/;
    for (const part of [html, mail?.text ?? '']) expect(part).not.toMatch(controls);
  });
});

it('ten thousand characters are truncated without breaking the letter or its link', async () => {
  const { caseNumber } = await desk.openCase({ messages: [{ words: 'ş'.repeat(10_240) }] });
  await desk.send(caseNumber, 1);
  const [mail] = desk.box.mails;
  expect(mail?.text).toContain(`${'ş'.repeat(4_000)}…`);
  expect(mail?.text).not.toContain('ş'.repeat(4_001));
  expect(new Set(mail?.text?.match(/\/t\/[\w.-]+/g)).size).toBe(1);
});

it('a colleague’s address with a line break adds no recipient', async () => {
  const { caseNumber } = await desk.openCase();
  const actionId = `${caseNumber}-a`;
  await desk.store.tasks.addAction({
    actionId,
    caseNumber,
    task: 1,
    action: 'handOver',
    words: null,
    reason: null,
    department: null,
    colleague: 'a@etimesgut.example\r\nRCPT TO:<kurban@example.org>',
    role: 'department',
    actor: null,
    at: new Date(),
  });
  await desk.send(caseNumber, 1, { letter: 'handOver', actionId }).catch(() => undefined);
  for (const { to } of desk.box.mails) expect(to.join()).not.toContain('kurban');
});
