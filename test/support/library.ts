import { join } from 'node:path';
import { createReceiver, type Logger, type Receiver, type ReceiverOptions } from '../../src/index.ts';
import { callbackContract, teardown, temporaryFolder } from './start.ts';
import { APP, payload, post } from './vendor.ts';

interface Line {
  level: keyof Logger;
  fields: Record<string, unknown>;
  message: string;
}

/** A receiver with its own database, and its log. */
export async function receiver(options: Partial<ReceiverOptions> = {}): Promise<Receiver & { lines: Line[] }> {
  const lines: Line[] = [];
  const write = (level: keyof Logger) => (fields: object, message: string) =>
    void lines.push({ level, fields: { ...fields }, message });
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const databaseUrl = `sqlite:${join(temporaryFolder(), 'callbacks.db')}`;
  const opened = await createReceiver({ sdkAppId: Number(APP), databaseUrl, log, ...options });
  teardown(() => opened.close());
  return Object.create(opened, { lines: { value: lines } });
}

/** Sends, and matches the reply to the contract, whose path is `/`. */
export async function send(url: string, init: RequestInit = post(payload())): Promise<[number, number]> {
  const response = await fetch(url, init);
  const text = await response.text();
  const { search } = new URL(url);
  callbackContract.match(init.method ?? 'GET', `/${search}`, {
    status: response.status,
    headers: response.headers,
    text,
  });
  return [response.status, JSON.parse(text).ErrorCode];
}
