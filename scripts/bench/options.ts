import { join } from 'node:path';
import { readArguments, UsageError } from '../command-line.ts';
import { startArguments } from '../testbed/process.ts';

export interface Target {
  /** The argument of --only. */
  name: string;
  title: string;
  database: 'SQLite' | 'PostgreSQL';
  /** Node's arguments. */
  args: readonly string[];
  env?: Record<string, string>;
  /** Whether it needs packages of scripts/bench/package.json. */
  foreign?: boolean;
}

const LIMIT = {
  name: 'limit',
  title: 'the limit: node:http, no validation, shared commits',
  args: competitor('limit'),
};
const OURS = { name: 'ours', title: 'tencent-chat-callbacks', args: startArguments() };
const FASTIFY = { name: 'fastify', title: 'Fastify, JSON Schema', args: competitor('fastify'), foreign: true };
const FASTIFY_TOGETHER = {
  name: 'fastify-shared',
  title: 'Fastify, JSON Schema, shared commits',
  args: competitor('fastify'),
  env: { COMMITS: 'together' },
  foreign: true,
};

/** The targets, measured side by side. Unless its title says otherwise, a target commits each request separately. */
const targets: readonly Target[] = [
  ...[
    LIMIT,
    OURS,
    FASTIFY_TOGETHER,
    FASTIFY,
    { name: 'hono', title: 'Hono, @hono/zod-openapi', args: competitor('hono'), foreign: true },
    {
      name: 'express-openapi-validator',
      title: 'Express, express-openapi-validator',
      args: competitor('express-openapi-validator'),
      foreign: true,
    },
    {
      name: 'express-openapi-backend',
      title: 'Express, openapi-backend as in its README',
      args: competitor('express-openapi-backend'),
    },
  ].map((target) => ({ ...target, database: 'SQLite' as const })),
  ...[LIMIT, OURS, FASTIFY_TOGETHER, FASTIFY].map((target) => ({
    ...target,
    name: `${target.name}-postgres`,
    database: 'PostgreSQL' as const,
  })),
];

function competitor(name: string): string[] {
  // Node's arguments of the receiver, so that neither the size of the young heap nor the compile cache makes a
  // difference.
  return [...startArguments().slice(0, -1), join(import.meta.dirname, 'competitors', `${name}.ts`)];
}

export type Options = ReturnType<typeof readOptions>;

export const CONNECTIONS = 64;
export const BODY_BYTES = 400;

const help = `Usage: npm run bench -- [options]

Measures the receiver side by side with what people would write instead, each doing the same work: signature,
validation, callback and group on disk before the reply, duplicates found by a unique key. ${CONNECTIONS} connections send
signed callbacks, each with its own body, from another process. What was answered OK is counted in the database
afterwards; a difference fails the bench. Everything runs on this machine, in dist/bench/, and is removed again except
the results. About ten minutes. The other frameworks are packages of scripts/bench/, installed when first needed.

  --quick         one short round, under a minute: to see that it works, not for figures to be shown
  --rounds N      number of rounds, in turns; the table has their medians (5)
  --seconds N     measured in each round, for each target (8)
  --only NAME     this target only; may be repeated
  --out FILE      the results as JSON (dist/bench/bench.json or growth.json; --growth puts SVG beside it)
  --write-readme  put the table into docs/performance.md
  --growth        instead: how the receiver fares with more stored, more commands, larger bodies, more connections
  --minutes N     with --growth: how long memory is watched under load (1); takes 1 GB of disk a minute
  --commands      instead: what the whole contract costs, next to a contract of one command, on SQLite: callbacks a
                  second, CPU, memory under load, time from start to ready
  --delivery      instead: what handlers, a webhook and a stream cost, next to a receiver without them, on both databases
                  (or that of --only): callbacks a second, deliveries of a backlog a second, time from arrival to delivery
                  at half load
  --scaling       instead: PostgreSQL with several receivers (--receivers), one group alone, a synchronous standby; bytes
                  that callbacks and groups take, and callbacks deleted a second
  --receivers N   with --scaling: so many receivers next to one (2)
  --worst         instead: milliseconds that the most expensive bodies take to judge and to merge, by their size
  --help          this text

Targets
${targets.map(({ name, title, database }) => `  ${name.padEnd(27)}${title} on ${database}`).join('\n')}

Exit status: 0 measured; 1 something was not stored, not answered, or could not be measured; 2 wrong usage.`;

export function readOptions(args: string[]) {
  const given = readArguments(args, { help, tooMany: ': expected options only; name a target by --only' });
  const growth = given.flags.has('growth');
  const quick = given.flags.has('quick');
  const scaling = given.flags.has('scaling');
  const writeReadme = given.flags.has('write-readme');
  const delivery = given.flags.has('delivery');
  const commands = given.flags.has('commands');
  if (growth && writeReadme) throw new UsageError('--write-readme: not with --growth');
  if (given.text('only') && writeReadme) throw new UsageError('--write-readme: not with --only');
  return {
    growth,
    commands,
    delivery,
    scaling,
    receivers: given.number('receivers', 2, 16),
    worst: given.flags.has('worst'),
    quick,
    rounds: given.number('rounds', quick ? 1 : growth || delivery || scaling ? 3 : 5, 100),
    seconds: given.number('seconds', quick ? 2 : growth ? 5 : 8, 3600),
    warmUpSeconds: quick ? 0.5 : 2,
    /** Duration for which --growth watches memory. */
    minutes: given.number('minutes', 1, 24 * 60),
    targets: given.only(targets),
    /** The JSON output file. */
    out: given.text('out') ?? `dist/bench/${growth ? 'growth' : scaling ? 'scaling' : 'bench'}.json`,
    writeReadme,
  };
}
