import { optionTexts } from './options.ts';

/** The text of `--help`. */
export function helpText(count: number): string {
  const width = Math.max(...optionTexts.map(([option]) => option.length));
  const rows = optionTexts.map(([option, text]) => `  ${option.padEnd(width + 2)}${text}`.trimEnd()).join('\n');
  return `Usage: npm run verify -- --url URL [options]

Holds a callback endpoint, in whatever language it is written, against the contract: plays Tencent Chat in ${count}
checks and judges the replies. The endpoint needs no preparation, but it receives real callbacks of groups that do not
exist: use one whose data may be thrown away.

Each check is a MUST or a SHOULD. MUST is what the vendor documents, or what its traffic is known to carry: it answers
every such callback with HTTP 200 and JSON within 2 s, and refuses other apps and, with a token, other senders. SHOULD
is what this project's contract adds, such as the exact status and ErrorCode of a refusal.

Options (in brackets what holds without them; variables also come from .env in the working directory)
${rows}

Only what can be seen from outside is judged. Whether a callback was stored before it was answered, whether a repeat
changed anything, whether Sign is compared in constant time, and whether what was refused is kept: the replies do not
tell, and nothing is said about it.

Exit status: 0 every MUST is met (with --strict every SHOULD too), 1 some is not, 2 wrong usage, or the endpoint
cannot be reached.
`;
}
