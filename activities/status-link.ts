import type { Deps } from './deps';

/**
 * A new link to the status page of a case, for a message to its citizen. Each call makes another one, since only the
 * hash is kept; all of them are good until some time after the case has ended.
 */
export async function statusLink(
  { store, taskLinks, now }: Pick<Deps, 'store' | 'taskLinks' | 'now'>,
  caseNumber: string,
): Promise<string> {
  const { tokenHash, url } = taskLinks.issue('status');
  await store.statusLinks.add({ tokenHash, caseNumber, createdAt: now() });
  return url;
}
