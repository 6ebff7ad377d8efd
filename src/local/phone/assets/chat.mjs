import { coalesced, control } from './server.mjs';

const refreshers = new Map();
const typingTimers = new Map();

export const idOf = phone => phone.dataset.citizen;
export const phoneOf = element => element.closest('.phone');

const atEnd = list => list.scrollHeight - list.scrollTop - list.clientHeight < 80;
export const scrollToEnd = phone => {
  const list = phone.querySelector('.thread');
  const toEnd = () => {
    list.scrollTop = list.scrollHeight;
  };
  toEnd();
  // A photo takes its height only once it is loaded.
  for (const photo of list.querySelectorAll('img')) {
    if (!photo.complete) photo.addEventListener('load', toEnd, { once: true });
  }
};

/** Reloads the dynamic parts of a phone. Keeps the draft and open sheets. */
async function redraw(phone) {
  const answer = await fetch(`/phones/${idOf(phone)}`);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const follow = atEnd(phone.querySelector('.thread'));
  for (const part of fresh.querySelectorAll('[data-part]')) {
    const old = phone.querySelector(`[data-part="${part.dataset.part}"]`);
    if (part.dataset.part === 'thread') {
      old.replaceChildren(...part.childNodes);
    } else {
      old.replaceWith(part);
    }
  }
  if (follow) scrollToEnd(phone);
  awaitTypingEnd(phone);
}

function awaitTypingEnd(phone) {
  const left = Number(phone.querySelector('[data-typing-until]').dataset.typingUntil) - Date.now();
  clearTimeout(typingTimers.get(phone));
  if (left > 0)
    typingTimers.set(
      phone,
      setTimeout(() => refresh(phone), left + 100),
    );
}

export function refresh(phone) {
  const run = refreshers.get(phone) ?? coalesced(() => redraw(phone));
  refreshers.set(phone, run);
  return run();
}

export const say = (phone, message) => control('POST', `/citizens/${idOf(phone)}/messages`, message);

/** While the page is visible, its citizens read their chats. */
export function look(phones) {
  if (document.visibilityState !== 'visible') return;
  for (const phone of phones) void control('POST', `/citizens/${idOf(phone)}/look`, { forMs: 30_000 });
}

/** Updates the countdown of the 24-hour window between reloads. */
export function tickWindows() {
  for (const window of document.querySelectorAll('[data-closes-at]')) {
    const minutes = Math.ceil((Number(window.dataset.closesAt) - Date.now()) / 60_000);
    if (minutes <= 0) continue;
    const hours = Math.floor(minutes / 60);
    const words = hours === 0 ? `${minutes} dk kaldı` : `${hours} sa ${minutes % 60} dk kaldı`;
    window.querySelector('.window-text').textContent = words;
    window.querySelector('meter').value = Math.round(minutes / 14.4);
  }
}
