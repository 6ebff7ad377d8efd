import type { TestLine } from '../line';
import { awaited } from './awaited';
import type { Person } from './phones';

/** Waits for the newest task link of a case mailed to an address. */
export async function taskLink(
  line: Pick<TestLine, 'phones' | 'baseUrl'>,
  address: string,
  about: string | RegExp,
): Promise<string> {
  const { subject, text, links } = await line.phones.mailed(address, about);
  // A letter about several cases has a link after each of them.
  const isListed = typeof about === 'string' && !subject.includes(about);
  const part = isListed ? text.slice(text.indexOf(about)) : text;
  const link = links.find(url => url.startsWith(`${line.baseUrl}/t/`) && part.includes(url));
  if (link === undefined) throw new Error('the mail has no task link');
  return link;
}

/** Returns the recorded stage of a case. */
export async function stageOf(
  { store }: Pick<TestLine, 'store'>,
  caseNumber: string,
): Promise<string | undefined> {
  return (await store.cases.get(caseNumber))?.progress?.stage;
}

/** Waits until the workflow of a case has completed. */
export async function caseEnds({ temporal }: TestLine, caseNumber: string): Promise<void> {
  await awaited(`the end of ${caseNumber}`, async () => {
    const { status } = await temporal.client.workflow.getHandle(caseNumber).describe();
    return status.name === 'COMPLETED';
  });
}

/** Returns the citizen id of a person, once known. */
export async function citizenIdOf(
  { store }: Pick<TestLine, 'store'>,
  { phone }: Person,
): Promise<string | undefined> {
  const identity = await store.identities.model.findById(`wa:${phone}`).lean();
  return identity?.citizenId;
}

/** The numbers of a person's cases. */
export async function casesOf(line: Pick<TestLine, 'store'>, person: Person): Promise<string[]> {
  const citizenId = await citizenIdOf(line, person);
  const found = await line.store.cases.model.find({ 'intake.citizenId': citizenId ?? '' }).lean();
  return found.map(({ _id }) => _id);
}
