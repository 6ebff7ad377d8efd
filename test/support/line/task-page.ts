/** A task page as in a department's browser. */
export interface TaskPage {
  status: number;
  html: string;
  /** The acts that the page offers. */
  acts: string[];
}

interface Form {
  action: string;
  hidden: Record<string, string>;
  /** Whether a box must be ticked before it can be sent. */
  mustConfirm: boolean;
}

/** Opens a task link. */
export async function openTask(link: string): Promise<TaskPage> {
  return pageOf(await fetch(link));
}

/**
 * Opens a task link and submits the form of an act like a browser without script. Returns the next page. Rejects if
 * the page does not offer the act.
 */
export async function actOn(
  link: string,
  action: string,
  fields: Record<string, string> = {},
): Promise<TaskPage> {
  const { html } = await openTask(link);
  const form = formsOf(html).find(candidate => candidate.action === action);
  if (!form) throw new Error(`the task page does not offer ${action}`);
  return sendForm(link, { ...form.hidden, ...(form.mustConfirm && { confirm: 'yes' }), ...fields });
}

/** Returns the hidden fields of an act's form, to submit it after the page has changed. */
export async function keepForm(link: string, action: string): Promise<Record<string, string>> {
  const { html } = await openTask(link);
  return formsOf(html).find(candidate => candidate.action === action)?.hidden ?? {};
}

export async function sendForm(link: string, fields: Record<string, string>): Promise<TaskPage> {
  return pageOf(await fetch(link, { method: 'POST', body: new URLSearchParams(fields) }));
}

async function pageOf(response: Response): Promise<TaskPage> {
  const html = await response.text();
  const acts = formsOf(html).flatMap(({ action }) => (action === '' ? [] : action));
  return { status: response.status, html, acts };
}

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b[\s\S]*?<\/form>/g)].map(([form]) => {
    const fields = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
    const hidden = Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
    return { action: hidden['action'] ?? '', hidden, mustConfirm: form.includes('name="confirm"') };
  });
}
