import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import type { components } from '../../generated/admin.ts';

/** A parameter that passes the contract's schema and is wrong all the same. */
export class BadRequest extends Error {}

/** Answers with a problem document (RFC 9457). `detail` must be fit for the client. */
export function replyProblem(response: Response, status: number, detail: string): void {
  const problem: components['schemas']['Problem'] = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
  };
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
}
