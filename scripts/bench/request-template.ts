import { randomUUID } from 'node:crypto';
import { unixSeconds } from '../../src/callback/vendor-url.ts';
import { readExamples } from '../simulator/examples.ts';
import { vendorRequest } from '../simulator/vendor-request.ts';

export const COMMAND = 'Group.CallbackAfterCreateGroup';
export const SDK_APP_ID = 1_400_000_000;
export const TOKEN = 'a-token-for-the-bench';

/** Length of the part that distinguishes the group ids. */
const ID_LENGTH = 8;
const EVENT_TIME = 1_700_000_000_000;

/** The callbacks to send. */
export interface Kind {
  command: string;
  /** Approximate body size; members are added if the callback has members and is smaller. */
  bodyBytes: number;
  /** The group of all callbacks; by default, each has a new one. */
  group?: string | undefined;
}

/**
 * The bytes of a signed request as the vendor sends it. Only digits change between callbacks: group id and event time,
 * and once a second the signature. Rewriting them in place is cheap enough to keep the sender from being the
 * bottleneck.
 */
export class RequestTemplate {
  readonly #run = randomUUID().slice(0, 8);
  readonly #head: string;
  readonly #body: Buffer;
  readonly #callbackUrl: string;
  readonly #command: string;
  readonly #marks: { id: number | null; time: number };
  #count = 0;
  #signedAt = 0;
  #signed = Buffer.alloc(0);

  constructor(callbackUrl: string, { command, bodyBytes, group }: Kind) {
    const { value: example = {} } = readExamples()[command] ?? {};
    const payload = {
      ...example,
      GroupId: group ?? `@TGS#${'0'.repeat(ID_LENGTH)}${this.#run}`,
      // Another sender may use the same group and time.
      Operator_Account: `operator_${this.#run}`,
      EventTime: EVENT_TIME,
    };
    if (Array.isArray(example.MemberList)) {
      const members = [...example.MemberList];
      const missing = bodyBytes - JSON.stringify(payload).length;
      const member = (index: number) => ({ Member_Account: `member_${String(index).padStart(8, '0')}` });
      const each = JSON.stringify(member(0)).length + 1;
      for (let index = 0; index < Math.floor(missing / each); index += 1) members.push(member(index));
      Object.assign(payload, { MemberList: members });
    }
    this.#body = Buffer.from(JSON.stringify(payload));
    this.#marks = {
      id: group === undefined ? this.#body.indexOf(`${'0'.repeat(ID_LENGTH)}${this.#run}`) : null,
      time: this.#body.indexOf(String(EVENT_TIME)),
    };
    const { host } = new URL(callbackUrl);
    this.#callbackUrl = callbackUrl;
    this.#command = command;
    this.#head =
      `Host: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${this.#body.length}\r\n` +
      'Connection: keep-alive\r\n\r\n';
  }

  get bodyBytes(): number {
    return this.#body.length;
  }

  /** A new callback, in a new buffer, which may be kept until it is sent. */
  next(): Buffer {
    const now = unixSeconds();
    if (now !== this.#signedAt) {
      this.#signedAt = now;
      const { url } = vendorRequest(this.#command, '', { url: this.#callbackUrl, sdkAppId: SDK_APP_ID, token: TOKEN });
      const line = `POST ${url.pathname}${url.search} HTTP/1.1\r\n`;
      this.#signed = Buffer.concat([Buffer.from(line + this.#head), this.#body]);
    }
    const request = Buffer.from(this.#signed);
    this.#renew(request, request.length - this.#body.length);
    return request;
  }

  /** The body of the next callback alone. */
  nextBody(): Buffer {
    const body = Buffer.from(this.#body);
    this.#renew(body, 0);
    return body;
  }

  #renew(bytes: Buffer, start: number): void {
    this.#count += 1;
    if (this.#marks.id !== null) {
      // Unordered ids, like the vendor's: rising ones would be the best case of an index.
      const id = (Math.imul(this.#count, 0x9e3779b1) >>> 0).toString(16).padStart(ID_LENGTH, '0');
      bytes.write(id, start + this.#marks.id, 'latin1');
    }
    bytes.write(String(EVENT_TIME + this.#count), start + this.#marks.time, 'latin1');
  }
}
