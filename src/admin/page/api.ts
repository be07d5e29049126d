import type { components, paths } from '../../../generated/admin.ts';

type Json<Reply> = Reply extends { content: { 'application/json': infer Body } } ? Body : never;
type Reply<Path extends keyof paths, Method extends 'get' | 'post'> = paths[Path][Method] extends {
  responses: { 200: infer Found } | { 202: infer Found };
}
  ? Json<Found>
  : never;

export type Group = components['schemas']['Group'];
export type GroupDetail = components['schemas']['GroupDetail'];
export type Account = components['schemas']['Account'];
export type Callback = components['schemas']['Callback'];
export type CallbackDetail = components['schemas']['CallbackDetail'];
export type Count = components['schemas']['Count'];
export type Portion = components['schemas']['Portion'];
export type Difference = components['schemas']['Difference'];
export type BackfillRun = components['schemas']['BackfillRun'];
export type Consumer = components['schemas']['Consumer'];
export type Delivery = components['schemas']['Delivery'];
type History = Reply<'/api/groups/{groupId}/history', 'get'>;
export type Stats = Reply<'/api/stats', 'get'>;
export type Setup = Reply<'/api/setup', 'get'>;
export type State = Reply<'/api/state', 'get'>;
export type About = Reply<'/api/about', 'get'>;

type Query = Record<string, string | number | boolean | null | undefined>;

/** An error of the admin listener, with its own text; status 0 if it could not be reached. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export const readGroups = (query: Query) => ask<Reply<'/api/groups', 'get'>>('GET', 'api/groups', query);
export const readGroup = (groupId: string) => ask<GroupDetail>('GET', `api/groups/${encodeURIComponent(groupId)}`);
export const readHistory = (groupId: string, query: Query) =>
  ask<History>('GET', `api/groups/${encodeURIComponent(groupId)}/history`, query);
export const reconcileGroup = (groupId: string) =>
  ask<Reply<'/api/groups/{groupId}/reconcile', 'post'>>('POST', `api/groups/${encodeURIComponent(groupId)}/reconcile`);
export const readAccount = (account: string) => ask<Account>('GET', `api/accounts/${encodeURIComponent(account)}`);
export const readCallbacks = (query: Query) => ask<Reply<'/api/callbacks', 'get'>>('GET', 'api/callbacks', query);
export const readCallback = (id: string) => ask<CallbackDetail>('GET', `api/callbacks/${encodeURIComponent(id)}`);
export const retryCallback = (id: string) => ask<Callback>('POST', `api/callbacks/${encodeURIComponent(id)}/retry`);
export const setIgnored = (id: string, ignored: boolean) =>
  ask<Callback>(ignored ? 'POST' : 'DELETE', `api/callbacks/${encodeURIComponent(id)}/ignore`);
export const countCallbacks = (work: 'retry' | 'ignore', query: Query) =>
  ask<Count>('POST', `api/callbacks/${work}`, { ...query, dryRun: true });
export const doPortion = (work: 'retry' | 'ignore', query: Query) =>
  ask<Portion>('POST', `api/callbacks/${work}`, query);
export const readConsumers = () => ask<Reply<'/api/consumers', 'get'>>('GET', 'api/consumers');
export const setPaused = (name: string, paused: boolean) =>
  ask<Consumer>('POST', `${pathOfConsumer(name)}/${paused ? 'pause' : 'resume'}`);
export const rewindConsumer = (name: string, to: Date) =>
  ask<Consumer>('POST', `${pathOfConsumer(name)}/rewind`, {}, { to: to.toISOString() });
export const sendToConsumer = (name: string, callbackId: string) =>
  ask<Consumer>('POST', `${pathOfConsumer(name)}/send`, {}, { callbackId });
export const removeConsumer = (name: string) => ask<Consumer>('DELETE', pathOfConsumer(name));
export const readDeliveries = (query: Query) => ask<Reply<'/api/deliveries', 'get'>>('GET', 'api/deliveries', query);
export const retryDelivery = (id: string) => ask<unknown>('POST', `api/deliveries/${encodeURIComponent(id)}/retry`);
export const retryDeliveries = (query: Query) =>
  ask<Reply<'/api/deliveries/retry', 'post'>>('POST', 'api/deliveries/retry', query);
export const readStats = () => ask<Stats>('GET', 'api/stats');
export const readState = () => ask<State>('GET', 'api/state');
export const readAbout = () => ask<About>('GET', 'api/about');
export const readSetup = () => ask<Setup>('GET', 'api/setup');
export const checkPublicUrl = () => ask<Reply<'/api/setup/check', 'post'>>('POST', 'api/setup/check');
export const sendTestCallback = () => ask<Reply<'/api/test-callback', 'post'>>('POST', 'api/test-callback');

function pathOfConsumer(name: string): string {
  return `api/consumers/${encodeURIComponent(name)}`;
}

/** The URL of a request, relative to the page. */
export function urlOf(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

async function ask<Body>(method: string, path: string, query: Query = {}, sent?: object): Promise<Body> {
  let response: Response;
  try {
    response = await fetch(urlOf(path, query), {
      method,
      ...(sent && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(sent) }),
    });
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
