import type { Generated } from 'kysely';
import type { PartRow } from './group-rows.ts';
import type { CallbackRecord } from './store.ts';

/** The tables as the queries see them; the migrations say what each column means. */
export interface Tables {
  callbacks: {
    id: Generated<number>;
    sdk_app_id: number;
    status: CallbackRecord['status'];
    command: string;
    group_id: string | null;
    event_time: number | null;
    received_at: number;
    arrival: string;
    once_key: Uint8Array;
    repeats: Generated<number>;
    reason: string | null;
    /** 0 and 1 on SQLite. */
    content_removed: Generated<boolean | number>;
    decision: string | null;
    query: string;
    body: Uint8Array;
  };
  groups: {
    sdk_app_id: number;
    group_id: string;
    version: number;
    type: string;
    name: string;
    owner_account: string | null;
    created_at: number;
    document: string;
  };
  group_parts: { sdk_app_id: number; group_id: string } & PartRow;
}
