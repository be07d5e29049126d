import { restOriginsOf } from './rest-domain.ts';

/** Where the vendor's REST API is called, and with which account. */
export interface RestSettings {
  /** The vendor's, then its stand-by's. */
  origins: readonly URL[];
  /** An administrator of the app. */
  admin: string;
  /** The app's key. Secret. */
  key: string;
}

type Given = Readonly<Record<string, string | undefined>>;
/** Reports a setting that is not as expected. */
type Problem = (variable: string, expected: string, shown?: string) => void;

/** What each setting means, and where to find it. */
export const REST_VARIABLES = {
  REST_DOMAIN: "the domain of the vendor's REST API for the app's region, as adminapisgp.im.qcloud.com",
  REST_ADMIN: "an administrator account of the app, as the vendor's console shows it at the app's accounts",
  REST_KEY: "the app's key, which the vendor's console shows at the app's basic information",
} as const;
const NAMES = Object.keys(REST_VARIABLES) as (keyof typeof REST_VARIABLES)[];

/**
 * @param nameOf the name by which the user knows a setting
 * @returns null if none is given, or the settings are invalid
 */
export function restSettingsOf(
  given: Given,
  problem: Problem,
  nameOf = (variable: string): string => variable,
): RestSettings | null {
  const { REST_DOMAIN: domain, REST_ADMIN: admin, REST_KEY: key } = given;
  const missing = NAMES.filter((name) => given[name] === undefined);
  if (missing.length === NAMES.length) return null;
  for (const name of missing) {
    const others = NAMES.filter((other) => given[other] !== undefined)
      .map(nameOf)
      .join(' and ');
    problem(name, `${REST_VARIABLES[name]}; or no ${others}`, 'unset');
  }
  // The URL may contain a password.
  const shown = domain?.includes('@') ? '(redacted)' : undefined;
  const origins = domain === undefined ? [] : restOriginsOf(domain, (what) => problem('REST_DOMAIN', what, shown));
  const hasAdmin = admin !== undefined && /^\S+$/.test(admin);
  const hasKey = key !== undefined && /^\S+$/.test(key);
  if (admin !== undefined && !hasAdmin) problem('REST_ADMIN', `${REST_VARIABLES.REST_ADMIN}, without blanks`);
  if (key !== undefined && !hasKey) {
    const what = key === '' ? '(redacted, empty)' : '(redacted, with a blank in it)';
    problem('REST_KEY', REST_VARIABLES.REST_KEY, what);
  }
  return origins.length > 0 && hasAdmin && hasKey ? { origins, admin, key } : null;
}
