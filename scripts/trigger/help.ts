import { commandOf, type Examples } from '../simulator/examples.ts';
import { type Fault, faultless, faults } from '../simulator/faults.ts';
import { optionTexts } from './options.ts';
import { expectedText } from './print.ts';

/** The text of `--help`. */
export function helpText(examples: Examples): string {
  const [first] = Object.keys(examples);
  const faultRows = Object.entries(faults).map(([name, fault]): [string, string, string] => [
    name,
    expectedText(fault),
    does(fault),
  ]);
  return `Usage: npm run trigger -- [command or example] [options]

Plays Tencent Chat: sends a callback to a receiver, signed where a token is known, and holds the reply against what
the callback calls for. Without arguments it sends ${first}. An example may also be named by its
variant alone (with-no-owner or no-owner); where several commands have one of that name, that command's is sent, or
--command says whose. Group id, topic id and event time are fresh unless set.

Options (in brackets what holds without them; variables also come from .env in the working directory)
${rows(optionTexts)}

Faults (what the reply has to be and what is sent; without a fault: ${expectedText(faultless)})
${rows(faultRows)}

Commands, and the variants that are examples of each (--list shows them by their whole names)
${commandsText(examples)}

Exit status: 0 every reply was as expected, 1 some was not or did not come, 2 wrong usage, 130 interrupted.
`;
}

/** Every command with its examples, each to be named as it stands here. */
export function listText(examples: Examples): string {
  return Object.keys(examples)
    .map((key) => (key === commandOf(key) ? key : `  ${key}`))
    .join('\n');
}

function commandsText(examples: Examples): string {
  return Object.entries(Object.groupBy(Object.keys(examples), commandOf))
    .map(([command, keys = []]) => {
      const variants = keys.filter((key) => key !== command).map((key) => key.slice(`${command}.with-`.length));
      return `  ${command}${variants.join(', ').replace(/(.{1,110}(?:,|$)) ?/g, '\n      $1')}`;
    })
    .join('\n');
}

function does({ does, needsToken }: Fault): string {
  return needsToken ? `${does} (needs a token)` : does;
}

function rows(table: string[][]): string {
  const width = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0));
  return table
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(width(column) + 2)).join('')}`.trimEnd())
    .join('\n');
}
