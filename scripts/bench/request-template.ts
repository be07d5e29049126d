import { randomUUID } from 'node:crypto';
import { readExamples } from '../vendor/examples.ts';
import { unixSeconds, vendorRequest } from '../vendor/vendor-request.ts';

export const COMMAND = 'Group.CallbackAfterCreateGroup';
export const SDK_APP_ID = 1_400_000_000;
export const TOKEN = 'a-token-for-the-bench';

const DIGITS = 12;

/**
 * The bytes of a signed request as the vendor sends it, of which only digits change from one callback to the next: the
 * group's id, the event time, and once a second the signature. Rewriting them in place costs next to nothing, so that
 * the sender does not limit what is measured.
 */
export class RequestTemplate {
  readonly #run = randomUUID().slice(0, 8);
  readonly #head: string;
  readonly #body: Buffer;
  readonly #callbackUrl: string;
  readonly #marks: { id: number; time: number };
  #count = 0;
  #signedAt = 0;
  #signed = Buffer.alloc(0);

  /** @param bodyBytes about so many; members are added to a callback that is smaller */
  constructor(callbackUrl: string, bodyBytes: number) {
    const { value: example = {} } = readExamples()[COMMAND] ?? {};
    const payload = {
      ...example,
      GroupId: `@TGS#${this.#run}${'0'.repeat(DIGITS)}`,
      EventTime: 1_700_000_000_000,
      MemberList: [...(example.MemberList as object[])],
    };
    const missing = bodyBytes - JSON.stringify(payload).length;
    const member = (index: number) => ({ Member_Account: `member_${String(index).padStart(8, '0')}` });
    const each = JSON.stringify(member(0)).length + 1;
    for (let index = 0; index < Math.floor(missing / each); index += 1) payload.MemberList.push(member(index));
    this.#body = Buffer.from(JSON.stringify(payload));
    this.#marks = {
      id: this.#body.indexOf(this.#run) + this.#run.length,
      time: this.#body.indexOf('1700000000000'),
    };
    const { host } = new URL(callbackUrl);
    this.#callbackUrl = callbackUrl;
    this.#head =
      `Host: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${this.#body.length}\r\n` +
      'Connection: keep-alive\r\n\r\n';
  }

  get bodyBytes(): number {
    return this.#body.length;
  }

  /** The next callback, never sent before. The bytes may be kept until they are sent: each call has its own. */
  next(): Buffer {
    const now = unixSeconds();
    if (now !== this.#signedAt) {
      this.#signedAt = now;
      const { url } = vendorRequest(COMMAND, '', { url: this.#callbackUrl, sdkAppId: SDK_APP_ID, token: TOKEN });
      const line = `POST ${url.pathname}${url.search} HTTP/1.1\r\n`;
      this.#signed = Buffer.concat([Buffer.from(line + this.#head), this.#body]);
    }
    const request = Buffer.from(this.#signed);
    const body = request.length - this.#body.length;
    this.#count += 1;
    request.write(String(this.#count).padStart(DIGITS, '0'), body + this.#marks.id, 'latin1');
    request.write(String(1_700_000_000_000 + this.#count), body + this.#marks.time, 'latin1');
    return request;
  }
}
