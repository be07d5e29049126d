import { type Answer, COMMAND, parse, type Request, refuse, signature } from './minimal-endpoint.ts';

/** Answers instead of the correct endpoint, or by calling it; undefined closes the connection without an answer. */
export type Fault = (request: Request, right: (request: Request) => Answer) => Answer | undefined | Promise<Answer>;

/** Refuses what the correct endpoint accepts, unless the condition holds. */
export function unless(isSo: (request: Request) => boolean, status = 400): Fault {
  return (request, right) => {
    const answer = right(request);
    return answer.status === 200 && !isSo(request) ? refuse(status, status === 401 ? 10102 : 10100) : answer;
  };
}

export function unlessCreated(isSo: (payload: Record<string, unknown>) => boolean, status = 400): Fault {
  return unless(({ body }) => {
    const payload = parse(body);
    return payload?.CallbackCommand !== COMMAND || isSo(payload);
  }, status);
}

export function changed(change: (answer: Answer) => Answer): Fault {
  return (request, right) => change(right(request));
}

export function signedNow(request: Request): Request {
  const time = String(Math.floor(Date.now() / 1000));
  request.query.set('RequestTime', time);
  request.query.set('Sign', signature(time));
  return request;
}

export function isJson(body: Buffer): boolean {
  try {
    return body.length === 0 || JSON.parse(body.toString()) !== undefined;
  } catch {
    return false;
  }
}
