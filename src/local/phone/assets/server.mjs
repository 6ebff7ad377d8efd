/** Calls the control API. Shows and throws its errors. */

const toast = document.querySelector('.toast');
let hiding;

function complain(words) {
  if (toast === null) return;
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (toast.hidden = true), 6000);
}

export async function control(method, path, body) {
  let answer;
  try {
    answer = await fetch(`/control${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    complain('Yerel sahne yanıt vermiyor. Çalışıyor mu?');
    throw error;
  }
  const json = await answer.json();
  if (!answer.ok) {
    complain(json.error?.message ?? `İstek geri çevrildi (${answer.status})`);
    throw new Error(`${method} ${path}: ${answer.status}`);
  }
  return json;
}

/**
 * Calls `act` for each change event. Events between page load and connection, or between two connections, are lost,
 * so each connection starts with a full reload.
 */
export function listen(act) {
  const source = new EventSource('/control/events');
  source.addEventListener('message', event => act(JSON.parse(event.data)));
  source.addEventListener('open', () => act({ topic: 'all' }));
}

/** Runs at most one `act` at a time. Calls during a run are combined into one further run. */
export function coalesced(act) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await act();
    } finally {
      running = false;
      if (again) {
        again = false;
        void run();
      }
    }
  };
}
