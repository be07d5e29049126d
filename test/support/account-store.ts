import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { openContract } from '../../src/callback/contract.ts';
import { judgeBy } from '../../src/receiver/judge.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { ReceivedCallback, Store } from '../../src/store/store.ts';
import { teardown, temporaryFolder } from './start.ts';
import { APP, type Payload } from './vendor.ts';

export const NOON = 1_700_000_000_000;
const contract = await openContract(callbackDocument);
export const judge = judgeBy(contract, Number(APP));
export const judgeWithoutMessages = judgeBy(contract, Number(APP), { keepMessages: false });

/** A database, its store, and a way to run statements without the store. */
export interface Place {
  store: Store;
  open(): Promise<Store>;
  execute(statement: string): Promise<Record<string, unknown>[]>;
}

export async function onSqlite(): Promise<Place> {
  const file = join(temporaryFolder(), 'callbacks.db');
  const open = async () => openSqliteStore(file, Number(APP));
  return placeOf(open, async (statement) => {
    const database = new DatabaseSync(file, { timeout: 10_000 });
    try {
      return database.prepare(statement).all();
    } finally {
      database.close();
    }
  });
}

export async function onPostgres(url: string): Promise<Place> {
  const open = async () => {
    const store = openPostgresStore(url, Number(APP));
    await store.migrate();
    return store;
  };
  return placeOf(open, async (statement) => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  });
}

async function placeOf(open: () => Promise<Store>, execute: Place['execute']): Promise<Place> {
  const openUntilTheEnd = async () => {
    const store = await open();
    teardown(() => store.close());
    return store;
  };
  return { store: await openUntilTheEnd(), open: openUntilTheEnd, execute };
}

/** The content of a callback and its arrival; `arrival` is the same for duplicates. */
export interface Said {
  payload: Payload;
  receivedAt: number;
  arrival: number;
}

export function received({ payload, receivedAt, arrival }: Said, by = judge): ReceivedCallback {
  return by({
    arrival: `00000000-0000-4000-8000-${String(arrival).padStart(12, '0')}`,
    query: `SdkAppid=${APP}&CallbackCommand=${payload.CallbackCommand}`,
    body: Buffer.from(JSON.stringify(payload)),
    receivedAt: new Date(receivedAt),
  }).callback;
}

export const replay = (store: Store, fromStart = true) =>
  store.replay({ fromStart, signal: new AbortController().signal, onProgress: () => {} });
