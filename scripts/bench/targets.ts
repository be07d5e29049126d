import { join } from 'node:path';
import { startArguments } from '../soak/start-receiver.ts';

export interface Target {
  /** As --only takes it. */
  name: string;
  title: string;
  database: 'SQLite' | 'PostgreSQL';
  /** What Node is given. */
  args: readonly string[];
  env?: Record<string, string>;
}

const LIMIT = {
  name: 'limit',
  title: 'the limit: node:http, no validation, shared commits',
  args: competitor('limit'),
};
const OURS = { name: 'ours', title: 'tencent-chat-callbacks', args: startArguments() };
const FASTIFY = { name: 'fastify', title: 'Fastify, JSON Schema', args: competitor('fastify') };
const FASTIFY_TOGETHER = {
  name: 'fastify-shared',
  title: 'Fastify, JSON Schema, shared commits',
  args: competitor('fastify'),
  env: { COMMITS: 'together' },
};

/** What is measured side by side. Where a title does not say otherwise, every request has a commit of its own. */
export const targets: readonly Target[] = [
  ...[
    LIMIT,
    OURS,
    FASTIFY_TOGETHER,
    FASTIFY,
    { name: 'hono', title: 'Hono, @hono/zod-openapi', args: competitor('hono') },
    {
      name: 'express-openapi-validator',
      title: 'Express, express-openapi-validator',
      args: competitor('express-openapi-validator'),
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
  // What Node is given for the receiver, so that neither the size of a young heap nor a warm start makes the difference.
  return [...startArguments().slice(0, -1), join(import.meta.dirname, 'competitors', `${name}.ts`)];
}
