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
  const labelOf = name => panel.querySelector(`option[value="${name}"]`)?.textContent ?? name;
  const nameOf = ({ kind, code }) => (code === undefined ? kind : `${kind}:${code}`);
  const lines = faults.map(fault => item(`${labelOf(nameOf(fault))} · ${fault.left} kez`));
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

export const refreshSandbox = coalesced(async () => {
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
  const chosen = form.elements.kind.value;
  const count = Number(form.elements.count.value);
  if (chosen.startsWith('smtp:')) {
    await control('POST', '/smtp-faults', { kind: chosen.slice(5), count });
    return;
  }
  const [kind, code] = chosen.split(':');
  await control('POST', '/faults', {
    kind,
    ...(code !== undefined && { code: Number(code) }),
    count: kind === 'reorder-webhooks' ? Math.max(2, count) : count,
  });
}

export async function clearFaults() {
  await control('DELETE', '/faults');
  if (hasMail) await control('DELETE', '/smtp-faults');
}
