import express, { type Request, type RequestHandler } from 'express';
import { shown } from '../callback/contract.ts';
import { replyProblem } from './problem.ts';

/** Far above the needs of any operation. */
const MOST_BYTES = 64 * 1024;

/**
 * Reads JSON bodies, also compressed ones, and refuses others. Runs behind the guard, so bodies from strangers are not
 * read.
 * @param wants whether the request's operation takes a body; other bodies are not read
 */
export function jsonBody(wants: (request: Request) => boolean): RequestHandler {
  const parse = express.json({ limit: MOST_BYTES });
  return (request, response, next) => {
    if (!wants(request)) return next();
    // False only with a body. Without one, the contract reports the missing field.
    if (request.is('json') === false) {
      const type = request.headers['content-type'];
      const fact = type ? `Content-Type (${shown(type)}) is not read here` : 'The request has no Content-Type';
      return replyProblem(response, 415, `${fact}: send JSON as application/json`);
    }
    parse(request, response, (error?: { status?: number; type?: string; message: string }) => {
      // A parser of the app may have kept the bytes; the contract's validator parses text.
      request.body = Buffer.isBuffer(request.body) ? request.body.toString() : (request.body ?? {});
      if (!error) return next();
      if (error.status === 413)
        return replyProblem(
          response,
          413,
          `The body is over ${MOST_BYTES} bytes: send only the fields that the operation has`,
        );
      if (error.status === 415)
        return replyProblem(response, 415, `The body is not read (${error.message}): send it as UTF-8, plain or gzip`);
      replyProblem(response, 400, 'The body is not JSON: send an object with the fields that the operation has');
    });
  };
}
