import type { Deps } from './deps';

/**
 * Creates a link to the status page of a case. Each call creates another link, because only hashes are
 * stored. All links are valid until some time after the end of the case.
 */
export async function statusLink(
  { store, taskLinks, now }: Pick<Deps, 'store' | 'taskLinks' | 'now'>,
  caseNumber: string,
): Promise<string> {
  const { tokenHash, url } = taskLinks.issue('status');
  await store.statusLinks.add({ tokenHash, caseNumber, createdAt: now() });
  return url;
}
