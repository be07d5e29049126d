import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, REAL_CLOCK } from './clock.ts';
import { ENDPOINTS, type EndpointName } from './endpoints.ts';
import type { Groups } from './group.ts';
import { RateLimit } from './rate-limit.ts';
import { Body, RestError } from './request.ts';
import { type RestApp, refusalOf } from './user-sig.ts';

export const DEMO_APP: RestApp = {
  sdkAppId: 1400000000,
  administrators: ['administrator'],
  key: '0123456789abcdef'.repeat(4),
};

/** A fault of a call. A code is returned instead of the requested answer, or for one group only if it names one. */
export type Fault =
  | { code: number; groupId?: string }
  /** No answer: the connection stays open. */
  | 'silence'
  | 'reset'
  /** 502 with HTML, from a proxy in front of the service. */
  | 'bad-gateway'
  /** The connection ends in the middle of the answer. */
  | 'half'
  /** Delay in milliseconds by the clock, then the correct answer. */
  | { delay: number };

/** A call of the REST API; calls of all endpoints are numbered from 1. */
export interface Call {
  endpoint: EndpointName;
  number: number;
  /** The text of its body. */
  body: string;
}

export interface RestServerOptions {
  groups: Groups;
  app?: RestApp;
  clock?: Clock;
  /** Calls per second, if they differ from the vendor's standard. */
  limits?: Partial<Record<EndpointName, number>>;
  /** Called for each answer, with its ErrorCode. */
  onAnswer?: (call: Call, code: number) => void;
}

export interface RestApi {
  listener: RequestListener;
  app: RestApp;
  /** Counts by endpoint and ErrorCode, such as `get_group_info 0`. */
  answers: ReadonlyMap<string, number>;
  /** The next matching call, or the next `times`, meets the fault. */
  inject(fault: Fault, options?: { endpoint?: EndpointName; when?: (call: Call) => boolean; times?: number }): void;
}

export interface RestServer extends Omit<RestApi, 'listener'> {
  /** For REST_DOMAIN, without a trailing slash. */
  url: string;
  close(): Promise<void>;
}

const MOST_REPLY_BYTES = 1_048_576;
const MOST_BODY_BYTES = 1_048_576;
const PATH = /^\/v4\/([a-z_]+)\/([a-z_]+)$/;

/** The vendor's REST API on a free port of the loopback interface. */
export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const { listener, ...api } = createRestApi(options);
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    ...api,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

export function createRestApi(options: RestServerOptions): RestApi {
  const { groups, app = DEMO_APP, clock = REAL_CLOCK, limits = {}, onAnswer = () => {} } = options;
  const rates = new Map(
    Object.entries(ENDPOINTS).map(([name, { perSecond }]) => [
      name,
      new RateLimit(limits[name as EndpointName] ?? perSecond),
    ]),
  );
  const answers = new Map<string, number>();
  const faults: { fault: Fault; when: (call: Call) => boolean; left: number }[] = [];
  let calls = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await read(request);
    const url = new URL(request.url ?? '', 'http://localhost');
    const endpoint = endpointOf(url);
    calls += 1;
    const call = endpoint && { endpoint, number: calls, body: text };
    const fault = call && faultOf(call);
    const [code, reply] = answer(request, url, call, fault);
    if (call) {
      const key = `${call.endpoint} ${code}`;
      answers.set(key, (answers.get(key) ?? 0) + 1);
      onAnswer(call, code);
    }
    if (typeof fault === 'object' && 'delay' in fault) await clock.sleep(fault.delay);
    send(response, reply, fault);
  }

  function faultOf(call: Call): Fault | undefined {
    const index = faults.findIndex(({ when }) => when(call));
    const found = faults[index];
    if (!found) return undefined;
    found.left -= 1;
    if (found.left === 0) faults.splice(index, 1);
    return found.fault;
  }

  function answer(
    request: IncomingMessage,
    url: URL,
    call: Call | undefined,
    fault: Fault | undefined,
  ): [number, string] {
    try {
      if (typeof fault === 'object' && 'code' in fault && !fault.groupId) throw new RestError(fault.code, 'injected');
      if (!PATH.test(url.pathname)) throw new RestError(60009, 'the path is none of this service');
      if (request.method !== 'POST') throw new RestError(60002, `${request.method} instead of POST`);
      verify(url.searchParams);
      if (!call) throw new RestError(10003, 'there is no such command');
      const { service, answer: ask } = ENDPOINTS[call.endpoint];
      if (!rates.get(call.endpoint)?.take(clock.now()))
        throw new RestError(10006, `too many calls of ${call.endpoint}`);
      const reply = JSON.stringify({
        ...{ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 },
        // The newer services include a request id in their answers.
        ...(service !== 'group_open_http_svc' && { RequestId: `request-${call.number}` }),
        ...ask(Body.parse(call.body), spoiled(fault), app),
      });
      if (Buffer.byteLength(reply) > MOST_REPLY_BYTES) throw new RestError(10018, 'the reply is over 1 MB');
      return [0, reply];
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      const { code, message } = error;
      return [code, JSON.stringify({ ActionStatus: 'FAIL', ErrorInfo: message, ErrorCode: code })];
    }
  }

  /** The groups, one of them spoiled by the fault. */
  function spoiled(fault: Fault | undefined): Groups {
    if (typeof fault !== 'object' || !('code' in fault)) return groups;
    return Object.assign(Object.create(groups), {
      find(groupId: string) {
        if (groupId === fault.groupId) throw new RestError(fault.code, 'injected');
        return groups.find(groupId);
      },
    });
  }

  /** Names and values of the query are case-sensitive. */
  function verify(query: URLSearchParams): void {
    const { sdkappid, identifier = '', usersig = '', random = '', contenttype } = Object.fromEntries(query);
    if (contenttype !== 'json') throw new RestError(60002, 'contenttype is not json');
    if (!/^\d{1,10}$/.test(random) || Number(random) > 0xffffffff)
      throw new RestError(60002, 'random is not 0 to 4294967295');
    if (sdkappid === undefined) throw new RestError(60012, 'sdkappid is missing');
    if (sdkappid !== String(app.sdkAppId)) throw new RestError(60006, `sdkappid ${sdkappid} is not served here`);
    if (identifier === '' || usersig === '') throw new RestError(60004, 'identifier or usersig is missing');
    const refusal = refusalOf(usersig, identifier, app, clock.now());
    if (refusal) throw new RestError(refusal.code, refusal.info);
    if (!app.administrators.includes(identifier)) throw new RestError(60010, `${identifier} is no administrator`);
  }

  function send(response: ServerResponse, reply: string, fault: Fault | undefined): void {
    if (fault === 'silence') return;
    if (fault === 'reset') return void response.socket?.resetAndDestroy();
    response.sendDate = false;
    response.setHeader('Date', new Date(clock.now()).toUTCString());
    if (fault === 'bad-gateway') {
      response.writeHead(502, { 'Content-Type': 'text/html' });
      return void response.end('<html><body><h1>502 Bad Gateway</h1></body></html>');
    }
    const bytes = Buffer.from(reply);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
    if (fault !== 'half') return void response.end(bytes);
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  }

  return {
    listener: (request, response) => void serve(request, response).catch((error) => response.destroy(error)),
    app,
    answers,
    inject(fault, { endpoint, when = () => true, times = 1 } = {}) {
      const fits = (call: Call) => (endpoint === undefined || call.endpoint === endpoint) && when(call);
      faults.push({ fault, when: fits, left: times });
    },
  };
}

function endpointOf({ pathname }: URL): EndpointName | undefined {
  const [, service, command = ''] = PATH.exec(pathname) ?? [];
  if (!Object.hasOwn(ENDPOINTS, command)) return undefined;
  const name = command as EndpointName;
  return ENDPOINTS[name].service === service ? name : undefined;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) throw new Error(`a body of more than ${MOST_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
