import { coalesced, listen } from '/assets/phone/server.mjs';

/** Loads new mails without closing the open one. */
const refresh = coalesced(async () => {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of fresh.querySelectorAll('[data-part]')) {
    document.querySelector(`[data-part="${part.dataset.part}"]`).replaceChildren(...part.childNodes);
  }
});

listen(change => {
  if (change.topic === 'mail' || change.topic === 'all') void refresh();
});
