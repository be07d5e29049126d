import { createHmac } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { EndpointName } from '../../scripts/simulator/rest/endpoints.ts';
import { ENDPOINTS } from '../../scripts/simulator/rest/endpoints.ts';
import { roleOf } from '../../scripts/simulator/rest/group.ts';
import { type RestServer, type RestServerOptions, startRestServer } from '../../scripts/simulator/rest/rest-server.ts';
import type { WorldGroup } from '../../scripts/simulator/rest/world.ts';
import { teardown } from './start.ts';

/** Fixed, which also fixes signatures and times of tests. */
export const NOON = 1_700_000_000_000;

/** The simulated REST API on a free port; closed with the test. */
export async function startSimulator(options: RestServerOptions): Promise<RestServer> {
  const server = await startRestServer(options);
  teardown(() => server.close());
  return server;
}

interface Signed {
  identifier?: string;
  sdkAppId?: number;
  key?: string;
  /** In seconds since 1970. */
  time?: number;
  expire?: number;
}

/** A UserSig of version 2, implemented from the vendor's description, independently of product and simulator. */
export function userSig({
  identifier = 'administrator',
  sdkAppId = 1400000000,
  key = '0123456789abcdef'.repeat(4),
  time = NOON / 1000,
  expire = 86_400,
}: Signed = {}): string {
  const text = `TLS.identifier:${identifier}\nTLS.sdkappid:${sdkAppId}\nTLS.time:${time}\nTLS.expire:${expire}\n`;
  const fields = {
    'TLS.ver': '2.0',
    'TLS.identifier': identifier,
    'TLS.sdkappid': sdkAppId,
    'TLS.expire': expire,
    'TLS.time': time,
    'TLS.sig': createHmac('sha256', key).update(text).digest('base64'),
  };
  const base64 = deflateSync(JSON.stringify(fields)).toString('base64');
  return base64.replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_');
}

export interface Answered {
  status: number;
  date: string | null;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests check what is in it
  json: any;
}

/** Calls an endpoint; `query` replaces parameters, undefined removes them. */
export async function call(
  { url }: { url: string },
  endpoint: EndpointName,
  body: unknown = {},
  query: Record<string, string | undefined> = {},
): Promise<Answered> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return post(`${url}/v4/${ENDPOINTS[endpoint].service}/${endpoint}`, text, query);
}

const SIG = userSig();

export async function post(
  path: string,
  body: string,
  query: Record<string, string | undefined> = {},
): Promise<Answered> {
  const url = new URL(path);
  const parameters = {
    ...{ sdkappid: '1400000000', identifier: 'administrator', usersig: SIG, random: '1', contenttype: 'json' },
    ...query,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  const response = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  const text = await response.text();
  const json = response.headers.get('content-type') === 'application/json' ? JSON.parse(text) : undefined;
  return { status: response.status, date: response.headers.get('date'), text, json };
}

/** The group as callbacks describe it, derived from the world. A '' of the world is null or absent in the mirror. */
export function truthOf(group: WorldGroup) {
  const members = group.type === 'AVChatRoom' ? [] : [...group.members.values()];
  return {
    groupId: group.groupId,
    type: group.type,
    ...{ name: group.name, introduction: group.introduction, notification: group.notification, owner: group.owner },
    faceUrl: group.faceUrl,
    members: sorted(members.map((member) => `${member.account} ${roleOf(group, member)} ${member.nameCard}`)),
    customFields: sorted([...group.customFields].map(([key, value]) => `${key} ${value}`)),
    attributes: sorted([...group.attributes].map(([key, value]) => `${key} ${value}`)),
    topics: sorted([...group.topics.values()].map(({ topicId, name }) => `${topicId} ${name}`)),
  };
}

interface Shown {
  groupId: string;
  type: string;
  name: string;
  introduction: string | null;
  notification: string | null;
  ownerAccount: string | null;
  faceUrl: string | null;
  memberDetails: { account: string; role: string | null; nameCard: string | null }[];
  customFields: { key: string; value: string }[];
  attributes: { key: string; value: string }[];
  topics: { topicId: string; name: string }[];
}

/** The same for a group as GET /api/groups/{id} shows it. */
export function shownOf(group: Shown) {
  const owner = group.ownerAccount ?? '';
  const member = ({ account, role, nameCard }: Shown['memberDetails'][number]) =>
    `${account} ${account === owner ? 'Owner' : (role ?? 'Member')} ${nameCard ?? ''}`;
  return {
    groupId: group.groupId,
    type: group.type,
    ...{ name: group.name, introduction: group.introduction ?? '', notification: group.notification ?? '', owner },
    faceUrl: group.faceUrl ?? '',
    members: sorted(group.memberDetails.map(member)),
    customFields: sorted(group.customFields.map(({ key, value }) => `${key} ${value}`)),
    attributes: sorted(group.attributes.map(({ key, value }) => `${key} ${value}`)),
    topics: sorted(group.topics.map(({ topicId, name }) => `${topicId} ${name}`)),
  };
}

function sorted(texts: string[]): string[] {
  return texts.sort();
}
