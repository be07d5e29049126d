import { DatabaseSync } from 'node:sqlite';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import callbackDocument from '../../../generated/callback.json' with { type: 'json' };
import { openContract } from '../../../src/callback/contract.ts';
import { parseJson } from '../../../src/callback/json.ts';
import { payloadReader } from '../../../src/callback/normalize.ts';
import { judgeBy } from '../../../src/receiver/judge.ts';
import { SMUGGLED } from './raw-requests.ts';

export interface Stored {
  accepted: number;
  unknown: number;
  rejected: number;
  findings: string[];
}

interface Row {
  id: number;
  status: 'accepted' | 'unknown' | 'rejected';
  command: string;
  arrival: string;
  received_at: number;
  query: string;
  body: Uint8Array;
}

/**
 * Judges every row of a receiver's SQLite file again: each must have the right status, each accepted body must satisfy
 * the contract by an independent validator, nothing smuggled may be stored, and every good group must be.
 */
export async function judgeStored(file: string, sdkAppId: number, goodGroups: readonly string[]): Promise<Stored> {
  const stored: Stored = { accepted: 0, unknown: 0, rejected: 0, findings: [] };
  const judge = judgeBy(await openContract(callbackDocument), sdkAppId);
  const readPayload = payloadReader(callbackDocument);
  const ajv = addFormats.default(new Ajv2020({ strict: false, discriminator: true }));
  ajv.addSchema({ $id: 'contract', ...callbackDocument });
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    for (const row of database.prepare('SELECT * FROM callbacks').iterate() as Iterable<unknown>) {
      const { id, status, command, arrival, received_at, query, body } = row as Row;
      stored[status] += 1;
      const found = (what: string) => stored.findings.push(`stored callback ${id} (${status} ${command}) ${what}`);
      const { callback } = judge({ arrival, query, body, receivedAt: new Date(received_at) });
      if (callback.status !== status) found(`deserves ${callback.status}: ${callback.reason}`);
      const text = Buffer.from(body).toString();
      if (text.includes(SMUGGLED)) found('was smuggled in');
      if (status !== 'accepted') continue;
      const validate = ajv.getSchema(`contract#/components/schemas/${command}`);
      if (!validate) found('is of a command that the contract lacks');
      else if (!validate(readPayload(command, parseJson(body).value)))
        found(`fails the contract: ${ajv.errorsText(validate.errors)}`);
    }
    const findGroup = database.prepare('SELECT 1 FROM groups WHERE sdk_app_id = ? AND group_id = ?');
    for (const group of goodGroups) {
      if (!findGroup.get(sdkAppId, group)) stored.findings.push(`group ${group} was answered OK and is not stored`);
    }
  } finally {
    database.close();
  }
  return stored;
}

/** The lines of a receiver's log at level error and above, without duplicates. */
export function errorsInLog(lines: readonly string[]): string[] {
  const errors = lines.filter((line) => /^\{"level":[56]0,/.test(line)).map((line) => line.slice(0, 600));
  return [...new Set(errors.map((line) => line.replace(/"time":\d+,/, '')))].map((line) => `the log has ${line}`);
}
