import fc from 'fast-check';

/** The bytes sent over a new connection. */
export interface RawRequest {
  pieces: Buffer[];
  /** Pause between the pieces. */
  pauseMs: number;
  /** Half-closes the connection afterwards; otherwise it stays open, and the receiver has to end it. */
  halfClose: boolean;
}

/** Marks content that a receiver sees only if it takes one request for two, or two for one: request smuggling. */
export const SMUGGLED = 'SMUGGLED';

/** Broken, ambiguous or unusual HTTP; `pathAndQuery` and `body` are those of a valid callback. */
export function rawRequests(pathAndQuery: string, body: string): fc.Arbitrary<RawRequest> {
  const texts = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...shapes(pathAndQuery, body)) },
    {
      weight: 2,
      arbitrary: fc.nat(40_000).map((size) => request(pathAndQuery, [`X-Huge: ${'h'.repeat(size)}`], body)),
    },
    { weight: 2, arbitrary: fc.nat(3_000).map((count) => request(pathAndQuery, Array(count).fill('X-Many: 1'), body)) },
    { weight: 2, arbitrary: fc.nat(40_000).map((size) => request(`/${'p'.repeat(size)}`, [], body)) },
    { weight: 2, arbitrary: spoiled(request(pathAndQuery, [`Content-Length: ${body.length}`], body)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1')) },
  );
  return fc
    .tuple(texts, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }), fc.constantFrom(0, 0, 0, 1))
    .map(([text, cuts, pauseMs]) => ({ pieces: cut(Buffer.from(text, 'latin1'), cuts), pauseMs, halfClose: true }));
}

/** Requests that stop half-way and send nothing more: the receiver's time-outs have to end them. */
export function heldRequests(pathAndQuery: string, body: string): fc.Arbitrary<RawRequest> {
  const whole = Buffer.from(request(pathAndQuery, [`Content-Length: ${body.length}`], body), 'latin1');
  return fc.tuple(fc.nat(whole.length - 1), fc.boolean()).map(([length, drips]) => ({
    // Dripping: one byte every half second, for longer than any time-out.
    pieces: drips ? [...whole.subarray(0, 60)].map((byte) => Buffer.from([byte])) : [whole.subarray(0, length)],
    pauseMs: drips ? 500 : 0,
    halfClose: false,
  }));
}

function request(target: string, headers: string[], body: string, line = `POST ${target} HTTP/1.1`): string {
  return `${[line, 'Host: receiver', 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n${body}`;
}

function shapes(target: string, body: string): string[] {
  const length = `Content-Length: ${body.length}`;
  const good = request(target, [length], body);
  const hidden = body.replace(/"GroupId":"[^"]*"/, `"GroupId":"${SMUGGLED}"`);
  const inner = request(target, [`Content-Length: ${hidden.length}`], hidden);
  const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
  const ambiguous = (headers: string[]) => request(target, headers, `0\r\n\r\n${inner}`);
  const rest = `Content-Length: ${`0\r\n\r\n${inner}`.length}`;
  const te = 'Transfer-Encoding';
  return [
    good,
    good + good,
    `${good}GARBAGE\r\n\r\n`,
    `${good}\0\0\0`,
    `\r\n\r\n${good}`,
    // Two framings of the same body.
    ambiguous([rest, `${te}: chunked`]),
    ambiguous([`${te}: chunked`, rest]),
    ambiguous([rest, 'Content-Length: 5']),
    ambiguous(['Content-Length: 5', rest]),
    ambiguous([rest, `${te} : chunked`]),
    ambiguous([rest, `${te}:\tchunked`]),
    ambiguous([rest, `${te}: xchunked`]),
    ambiguous([rest, `${te}: chunked, identity`]),
    ambiguous([rest, `${te}: chunked`, `${te}: identity`]),
    ambiguous([rest, `${te}:\r\n chunked`]),
    ambiguous([rest, `X: y\n${te}: chunked`]),
    ambiguous([rest, `X: y\r${te}: chunked`]),
    ambiguous([`Content-Length: 5,${rest.split(' ')[1]}`]),
    ambiguous([`Content-Length: +5`]),
    ambiguous([`Content-Length: 0x5`]),
    ambiguous([`Content-Length: -1`]),
    ambiguous([`Content-Length: 99999999999999999999999`]),
    ambiguous([`Content-Length : 5`]),
    ambiguous([` Content-Length: 5`]),
    // Chunks.
    request(target, [`${te}: chunked`], chunked(body)),
    request(target, [`${te}: chunked`], `${body.length.toString(16)};${'e'.repeat(30_000)}\r\n${body}\r\n0\r\n\r\n`),
    request(target, [`${te}: chunked`], `${body.length.toString(16)};a="\r\n"\r\n${body}\r\n0\r\n\r\n`),
    request(target, [`${te}: chunked`], `${body.length.toString(16)}\n${body}\n0\n\n${inner}`),
    request(target, [`${te}: chunked`], `0x${chunked(body)}`),
    request(target, [`${te}: chunked`], `-1\r\n${body}\r\n0\r\n\r\n`),
    request(target, [`${te}: chunked`], `FFFFFFFFFFFFFFFFF\r\n${body}`),
    request(target, [`${te}: chunked`], `ffffff\r\n${body}`),
    request(target, [`${te}: chunked`], '1\r\n{\r\n'.repeat(2_000)),
    request(target, [`${te}: chunked`, 'Trailer: X'], `0\r\n${'X: y\r\n'.repeat(3_000)}\r\n`),
    // Targets, methods, versions.
    ...[
      '*',
      'http://elsewhere/',
      `http://elsewhere${target}`,
      '//',
      '/../../etc/passwd',
      '/%2e%2e/',
      '/%00',
      '/?',
      '',
    ].map((odd) => request(odd, [length], body)),
    ...['get', 'GET', 'HEAD', 'PUT', 'OPTIONS', 'TRACE', 'CONNECT', 'PRI', 'PROPFIND', 'P\0ST', 'X'.repeat(5_000)].map(
      (method) => request(target, [length], body, `${method} ${target} HTTP/1.1`),
    ),
    ...['HTTP/0.9', 'HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', 'HTTP/1.1 x', 'RTSP/1.0', ''].map(
      (version) => request(target, [length], body, `POST ${target} ${version}`),
    ),
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    // Header lines.
    good.replaceAll('\r\n', '\n'),
    good.replaceAll('\r\n', '\r'),
    good.replace('Host: receiver\r\n', ''),
    request(target, ['Host: other', length], body),
    request(target, ['Host: a b\0c', length], body),
    request(target, ['X-Folded: a\r\n b\r\n\tc', length], body),
    request(target, [': empty', length], body),
    request(target, ['No colon', length], body),
    request(target, ['X\0Y: z', length], body),
    request(target, ['X: \0\x01\x7f\xff', length], body),
    request(target, ['Expect: 100-continue', length], body),
    request(target, ['Expect: something', length], body),
    request(target, ['Upgrade: websocket', 'Connection: Upgrade', length], body),
    request(target, ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', length], body),
    request(target, ['Connection: close, keep-alive, Content-Length', length], body),
    request(target, ['Content-Encoding: gzip', length], body),
    request(target, ['__proto__: x', 'constructor: y', length], body),
    request(target, ['Content-Type: text/plain', 'Content-Type: application/xml', length], body),
    request(target, ['Content-Length: 300000'], body),
    request(target, [], body),
  ];
}

/** A valid request with a few bytes replaced, or cut off. */
function spoiled(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.boolean(), fc.nat())
    .map(([changes, ends, place]) => {
      const bytes = Buffer.from(text, 'latin1');
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes.toString('latin1', 0, ends ? place % bytes.length : bytes.length);
    });
}

function cut(bytes: Buffer, shares: number[]): Buffer[] {
  const places = [0, ...shares.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}
