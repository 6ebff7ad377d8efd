/**
 * Opens a task link as a department does and sends one of its forms, with the hidden fields the page gave.
 * Rejects when the link does not open, offers no such act, or the act is refused.
 */
export async function postTaskAct(
  link: string,
  action: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const page = await visit(link, {});
  const form = formOf(page, action);
  if (form === undefined) throw new Error(`the task page offers no "${action}"`);
  const body = new URLSearchParams({ ...hiddenFields(form), ...fields });
  await visit(link, { method: 'POST', body });
}

async function visit(link: string, init: RequestInit): Promise<string> {
  const response = await fetch(link, { ...init, signal: AbortSignal.timeout(20_000) });
  if (!response.ok) {
    throw new Error(`the task page answered ${init.method ?? 'GET'} with ${response.status}`);
  }
  return response.text();
}

function formOf(page: string, action: string): string | undefined {
  return [...page.matchAll(/<form\b[\s\S]*?<\/form>/g)]
    .map(([form]) => form)
    .find(form => hiddenFields(form)['action'] === action);
}

function hiddenFields(form: string): Record<string, string> {
  const fields = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
}
