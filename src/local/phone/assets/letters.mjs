import { coalesced } from './server.mjs';

const pane = document.querySelector('[data-letters]');

async function show(query) {
  const answer = await fetch(`/mailbox/latest${query}`);
  if (answer.ok) pane.innerHTML = await answer.text();
}

/** Opens the newest letter beside the phone, whichever was open before. */
export const refreshLetters = coalesced(async () => {
  if (pane !== null) await show('');
});

export const openLetter = element => show(`?mail=${encodeURIComponent(element.dataset.mail)}`);
