import type { TestLine } from '../line';
import { taskLink } from './cases-of-line';
import { caseNumberIn, type Person } from './phones';

export const pothole = 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor';
export const roads = 'fen.isleri@etimesgut.example';

/** A new citizen reports a pothole and the roads department has the task. */
export async function reported(
  line: TestLine,
): Promise<{ citizen: Person; caseNumber: string; link: string }> {
  const { phones } = line;
  const citizen = await phones.newPerson();
  await phones.write(citizen, { type: 'text', body: pothole });
  const caseNumber = caseNumberIn((await phones.hears(citizen, 'Bildiriminiz alındı')).text);
  return { citizen, caseNumber, link: await taskLink(line, roads, caseNumber) };
}
