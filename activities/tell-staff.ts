import { departmentOf } from '../src/config/offices';
import { TRIAGE } from '../src/config/schemas/departments';
import { AppError } from '../src/errors';
import { composeCallRequest } from '../src/mail/letters/call-request';
import type { Activities } from './contract';
import type { Deps } from './deps';
import { openCasesOf } from './own-cases';

/** A citizen who wants to speak with somebody is named to the desk that sorts reports, by number if it is known. */
export function tellStaff({ store, municipality, letterOutbox }: Deps): Activities['tellStaff'] {
  return async ({ citizenId, messageIds }) => {
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    const messages = await store.messages.several(messageIds);
    const open = await openCasesOf(store, citizen);
    const desk = departmentOf(municipality, TRIAGE);
    await letterOutbox.send({
      key: `${messageIds[0]}:call-request`,
      recipient: `department:${desk.slug}`,
      caseNumber: null,
      to: desk.mail,
      letter: composeCallRequest({
        municipality,
        name: citizen.profileName,
        phone: citizen.phone,
        caseNumbers: open.map(({ caseNumber }) => caseNumber),
        words: messages.flatMap(({ words }) => words ?? []),
      }),
      thread: `call-request:${citizen.id}`,
    });
  };
}
