import { idOf, look, phoneOf, refresh, say, scrollToEnd, tickWindows } from './chat.mjs';
import { addFault, clearFaults, refreshSandbox, toggleFaults } from './faults.mjs';
import { openLetter, refreshLetters } from './letters.mjs';
import { control, listen } from './server.mjs';
import { closeSheets, fillPlace, openList, openSheet, sendPhoto, sendPlace, sendRow } from './sheets.mjs';

const phones = [...document.querySelectorAll('.phone')];
/** The message that the next one of a phone replies to, set by "Yanıtla" and by a location request. */
const quoted = new Map();

function quote(phone, bubble) {
  const words = bubble?.querySelector('.words')?.textContent ?? '';
  const note = phone.querySelector('.quoting');
  note.hidden = bubble === undefined;
  note.querySelector('span').textContent = words;
  if (bubble === undefined) quoted.delete(phone);
  else quoted.set(phone, bubble.dataset.id);
}

async function write(form) {
  const phone = phoneOf(form);
  const body = form.elements.body.value.trim();
  if (body === '') return;
  const replyTo = quoted.get(phone);
  form.elements.body.value = '';
  quote(phone, undefined);
  await say(phone, { type: 'text', body, ...(replyTo === undefined ? {} : { replyTo }) });
  scrollToEnd(phone);
}

function show(ids) {
  const query = new URLSearchParams(ids.map(id => ['phone', id]));
  location.assign(`/?${query.toString()}`);
}

async function addCitizen(form) {
  const { name, identity, address } = form.elements;
  const key = address.value.trim();
  const invented =
    name.value
      .toLowerCase()
      .replace(/[^a-z]/g, '')
      .padEnd(3, 'x') + Math.floor(Math.random() * 1000);
  const who =
    identity.value === 'username'
      ? { username: key.replace(/^@/, '') || invented }
      : { ...(key === '' ? {} : { phone: key }), bsuid: identity.value === 'both' };
  const citizen = await control('POST', '/citizens', { name: name.value.trim(), ...who });
  show([...phones.map(idOf), citizen.id]);
}

const clicks = {
  'open-sheet': (element, phone) => openSheet(phone, element.dataset.sheet),
  send(element, phone) {
    closeSheets(phone);
    return say(phone, JSON.parse(element.dataset.message));
  },
  tap: (element, phone) =>
    say(phone, {
      type: 'tap',
      messageId: element.closest('.bubble').dataset.id,
      replyId: element.dataset.reply,
    }),
  'open-list': (element, phone) => openList(phone, element.closest('.bubble')),
  'send-row': (_, phone) => sendRow(phone),
  'answer-location'(element, phone) {
    openSheet(phone, 'place').dataset.replyTo = element.closest('.bubble').dataset.id;
  },
  quote(element, phone) {
    quote(phone, element.closest('.bubble'));
    phone.querySelector('textarea').focus();
  },
  unquote: (_, phone) => quote(phone, undefined),
  react: (element, phone) =>
    say(phone, { type: 'reaction', messageId: element.closest('.bubble').dataset.id, emoji: '👍' }),
  async control(element, phone) {
    closeSheets(phone);
    const { method, path, body } = element.dataset;
    await control(method, `/citizens/${idOf(phone)}${path === '' ? '' : `/${path}`}`, JSON.parse(body));
    await refresh(phone);
  },
  'open-letter': openLetter,
  'toggle-faults': toggleFaults,
  'clear-faults': clearFaults,
  verify: () => control('POST', '/webhooks/verify'),
};

const submits = {
  write,
  'send-photo': sendPhoto,
  'send-place'(form) {
    const sheet = form.closest('.sheet');
    const { replyTo } = sheet.dataset;
    delete sheet.dataset.replyTo;
    return sendPlace(form, replyTo);
  },
  'add-citizen': addCitizen,
  'add-fault': addFault,
};

document.addEventListener('click', event => {
  const element = event.target.closest('[data-act]');
  const act = element?.tagName === 'FORM' ? undefined : clicks[element?.dataset.act];
  if (act !== undefined) void act(element, phoneOf(element));
  else if (event.target.closest('.thread') !== null) closeSheets(phoneOf(event.target));
});
document.addEventListener('submit', event => {
  const act = submits[event.target.dataset.act];
  if (act === undefined) return;
  event.preventDefault();
  void act(event.target);
});
document.addEventListener('change', event => {
  if (event.target.name === 'preset') fillPlace(event.target.form);
  if (event.target.form?.dataset.act === 'choose') {
    show([...event.target.form.querySelectorAll('input:checked')].map(box => box.value));
  }
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') phones.forEach(closeSheets);
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target.name === 'body') {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});
document.addEventListener('visibilitychange', () => look(phones));

listen(change => {
  if (change.topic !== 'mail') void refreshSandbox();
  if (change.topic === 'mail' || change.topic === 'all') void refreshLetters();
  for (const phone of phones) {
    if (change.topic === 'all' || (change.topic === 'thread' && change.id === idOf(phone)))
      void refresh(phone);
  }
});
phones.forEach(scrollToEnd);
look(phones);
setInterval(() => look(phones), 20_000);
setInterval(tickWindows, 20_000);
void refreshSandbox();
if (document.querySelector('form[data-act="choose"] input') === null) {
  void control('POST', '/citizens', { name: 'Ayşe Yılmaz' }).then(citizen => show([citizen.id]));
}
