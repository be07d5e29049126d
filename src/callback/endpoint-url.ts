/** Remedy for a setting that contains a user and a password. */
export const PERCENT_ENCODED = 'user and password percent-encoded: a % itself is written %25';

/** The URL of an endpoint of the app, which may contain a user and a password. */
export interface EndpointUrl {
  /** Without user and password: fetch refuses a URL that has them, and logs show it. */
  url: URL;
  /** The header made of user and password; null if the URL has none. */
  authorization: string | null;
}

/**
 * Reads the URL of an endpoint of the app.
 * @param problem called with the expected form if the URL is invalid, or its user and password are not encoded
 * @returns null if the URL is invalid
 */
export function readEndpointUrl(text: string, problem: (expected: string) => void): EndpointUrl | null {
  if (!(/^https?:\/\//.test(text) && URL.canParse(text))) {
    problem('http://HOST/PATH or https://HOST/PATH, with USER:PASSWORD@ before HOST if need be');
    return null;
  }
  const url = new URL(text);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '' && password === '') return { url, authorization: null };
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { url, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  } catch {
    problem(PERCENT_ENCODED);
    return { url, authorization: null };
  }
}
