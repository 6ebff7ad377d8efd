import type { Command } from 'commander';
import { localTime } from '../../domain/local-time';
import { AppError } from '../../errors';
import { caseTalk, type CaseTalk, type TalkLine } from '../../whatsapp/case-talk';
import { withCaseNumber } from './with-case-number';

/** Words beyond this are cut in the list; `--json` shows all. */
const WORDS_SHOWN = 100;

export function registerMessages(admin: Command): void {
  admin
    .command('messages')
    .description(
      'show what was written and sent about one case, with the state of each message and what is charged',
    )
    .argument('<number>', 'the case number, PK-XXXX-XXXX')
    .option('--json', 'as JSON, times in UTC and words uncut')
    .action(async (typed: string, { json }: { json?: boolean }) => {
      await withCaseNumber(typed, async (store, caseNumber) => {
        try {
          const talk = await caseTalk(store, caseNumber);
          const utcOffset = (await store.cases.get(caseNumber))?.progress?.plan.utcOffsetMinutes ?? 0;
          console.log(json ? JSON.stringify(talk, null, 2) : talkText(talk, utcOffset));
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'case-missing') throw error;
          console.error(`There is no case ${caseNumber}.`);
          process.exitCode = 1;
        }
      });
    });
}

function talkText({ lines, ledger }: CaseTalk, utcOffsetMinutes: number): string {
  const { charged, inWindow, outsideWindow, byKind } = ledger;
  const kinds = Object.entries(byKind).map(([kind, count]) => `${count} ${kind}`);
  const sum = `${charged} charged: ${inWindow} inside the 24-hour window, ${outsideWindow} outside`;
  return [
    ...lines.map(line => talkLine(line, localTime(line.at.getTime(), utcOffsetMinutes))),
    '',
    kinds.length > 0 ? `${sum} (${kinds.join(', ')})` : sum,
  ].join('\n');
}

function talkLine(line: TalkLine, time: string): string {
  const words = Array.from(line.words.replace(/\s+/g, ' '));
  const shown = words.length > WORDS_SHOWN ? `${words.slice(0, WORDS_SHOWN).join('')}…` : words.join('');
  return [time, stateOf(line).padEnd(16), line.kind.padEnd(15), shown].join('  ').trimEnd();
}

function stateOf(line: TalkLine): string {
  if (line.from === 'citizen') return '← citizen';
  return `→ ${line.state}${line.errorCode === null ? '' : ` ${line.errorCode}`}`;
}
