import { coalesced, control } from './server.mjs';

const panel = document.querySelector('#faults');
const toggle = document.querySelector('[data-act="toggle-faults"]');
const hook = document.querySelector('.hook');
const hasMail = panel.querySelector('option[value="smtp:421"]') !== null;

const hookWords = {
  waiting: 'Ürün yanıt vermiyor',
  verified: 'Webhook doğrulandı',
  refused: 'Webhook doğrulanmadı',
};

const item = words => {
  const element = document.createElement('li');
  element.textContent = words;
  return element;
};

function showFaults(faults) {
  const labelOf = kind => panel.querySelector(`option[value="${kind}"]`)?.textContent ?? kind;
  const lines = faults.map(({ kind, left }) => item(`${labelOf(kind)} · ${left} kez`));
  panel.querySelector('.fault-list').replaceChildren(...(lines.length === 0 ? [item('Yok')] : lines));
  const count = toggle.querySelector('.count');
  count.hidden = faults.length === 0;
  count.textContent = String(faults.length);
}

function showWebhooks({ handshake, waiting, taken, attempts, lastAnswer }) {
  hook.dataset.hook = handshake.state;
  hook.textContent = hookWords[handshake.state] + (waiting > 0 ? ` · ${waiting} bekliyor` : '');
  const facts = [
    ['Doğrulama', hookWords[handshake.state] + (handshake.detail === '' ? '' : ` (${handshake.detail})`)],
    ['Bekleyen', waiting],
    ['Alınan', taken],
    ['Deneme', attempts],
    ['Son yanıt', lastAnswer || 'yok'],
  ];
  const cells = facts.flatMap(([name, value]) => {
    const [term, words] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = name;
    words.textContent = String(value);
    return [term, words];
  });
  panel.querySelector('.hook-facts').replaceChildren(...cells);
}

export const refreshStage = coalesced(async () => {
  const smtp = hasMail ? control('GET', '/smtp-faults') : { faults: [] };
  const [webhooks, faults, mail] = await Promise.all([
    control('GET', '/webhooks'),
    control('GET', '/faults'),
    smtp,
  ]);
  showWebhooks(webhooks);
  showFaults([...faults.faults, ...mail.faults.map(fault => ({ ...fault, kind: `smtp:${fault.kind}` }))]);
});

export function toggleFaults() {
  panel.hidden = !panel.hidden;
  toggle.setAttribute('aria-expanded', String(!panel.hidden));
}

export async function addFault(form) {
  const kind = form.elements.kind.value;
  const count = Number(form.elements.count.value);
  if (kind.startsWith('smtp:')) await control('POST', '/smtp-faults', { kind: kind.slice(5), count });
  else
    await control('POST', '/faults', {
      kind,
      count: kind === 'reorder-webhooks' ? Math.max(2, count) : count,
    });
}

export async function clearFaults() {
  await control('DELETE', '/faults');
  if (hasMail) await control('DELETE', '/smtp-faults');
}
