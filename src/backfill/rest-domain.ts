import { isIP } from 'node:net';

/** The vendor's domains by region, each with its stand-by. */
const STAND_BY: Readonly<Record<string, string>> = {
  'console.tim.qq.com': 'adminapi.my-imcloud.com',
  ...Object.fromEntries(
    ['sgp', 'kr', 'ger', 'usa', 'jpn', 'idn', 'ksa', 'ind'].map((region) => [
      `adminapi${region}.im.qcloud.com`,
      `adminapi${region}.my-imcloud.com`,
    ]),
  ),
};

/**
 * Reads the address of the vendor's REST API: a domain, or the origin of a URL. Plain HTTP is allowed only for a
 * simulator on this machine: each request carries a signature that is as good as a password.
 * @param problem called with the expected form if the text is unusable
 * @returns the origin, then its stand-by if there is one; empty if there is a problem
 */
export function restOriginsOf(text: string, problem: (expected: string) => void): URL[] {
  const url = /^[\w.-]+$/.test(text) ? `https://${text}` : text;
  if (!/^https?:\/\/[^/?#@]+\/?$/.test(url) || !URL.canParse(url)) {
    problem('a domain, as adminapisgp.im.qcloud.com, or https://HOST:PORT without a path');
    return [];
  }
  const origin = new URL(url);
  if (origin.protocol === 'http:' && !isLoopback(origin.hostname)) {
    problem('https://HOST: requests carry a signature that is as good as a password; http:// is for this machine only');
    return [];
  }
  const standBy = origin.port === '' && origin.protocol === 'https:' ? STAND_BY[origin.hostname] : undefined;
  return [origin, ...(standBy === undefined ? [] : [new URL(`https://${standBy}`)])];
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}
