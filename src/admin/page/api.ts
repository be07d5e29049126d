import type { components, paths } from '../../../generated/admin.ts';

type Json<Reply> = Reply extends { content: { 'application/json': infer Body } } ? Body : never;
type Reply<Path extends keyof paths, Method extends 'get' | 'post'> = paths[Path][Method] extends {
  responses: { 200: infer Found };
}
  ? Json<Found>
  : never;

export type Group = components['schemas']['Group'];
export type GroupDetail = components['schemas']['GroupDetail'];
export type Callback = components['schemas']['Callback'];
export type CallbackDetail = components['schemas']['CallbackDetail'];
export type History = Reply<'/api/groups/{groupId}/history', 'get'>;
export type Stats = Reply<'/api/stats', 'get'>;
export type About = Reply<'/api/about', 'get'>;
export type TestResult = Reply<'/api/test-callback', 'post'>;

declare const CONTRACT_COMMANDS: readonly string[];
/** The commands of the contract; `npm run generate` defines the constant. */
export const COMMANDS: readonly string[] = CONTRACT_COMMANDS;

type Query = Record<string, string | number | boolean | null | undefined>;

/** The private listener's error, with its own text; status 0 when it was not reached. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export function readGroups(query: Query): Promise<Reply<'/api/groups', 'get'>> {
  return ask('GET', '/api/groups', query);
}

export function readGroup(groupId: string): Promise<GroupDetail> {
  return ask('GET', `/api/groups/${encodeURIComponent(groupId)}`);
}

export function readHistory(groupId: string, query: Query): Promise<History> {
  return ask('GET', `/api/groups/${encodeURIComponent(groupId)}/history`, query);
}

export function readCallbacks(query: Query): Promise<Reply<'/api/callbacks', 'get'>> {
  return ask('GET', '/api/callbacks', query);
}

export function readCallback(id: string): Promise<CallbackDetail> {
  return ask('GET', `/api/callbacks/${encodeURIComponent(id)}`);
}

export function retryCallback(id: string): Promise<Callback> {
  return ask('POST', `/api/callbacks/${encodeURIComponent(id)}/retry`);
}

export function readStats(): Promise<Stats> {
  return ask('GET', '/api/stats');
}

export function readAbout(): Promise<About> {
  return ask('GET', '/api/about');
}

export function sendTestCallback(): Promise<TestResult> {
  return ask('POST', '/api/test-callback');
}

async function ask<Body>(method: string, path: string, query: Query = {}): Promise<Body> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  let response: Response;
  try {
    response = await fetch(parameters.size > 0 ? `${path}?${parameters}` : path, { method });
  } catch {
    throw new ApiError(0, '');
  }
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, detailOf(text) ?? response.statusText);
  return JSON.parse(text) as Body;
}

function detailOf(text: string): string | undefined {
  try {
    return JSON.parse(text).detail;
  } catch {
    return;
  }
}
