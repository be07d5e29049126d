import type { components } from '../../generated/admin.ts';
import packageJson from '../../package.json' with { type: 'json' };

type About = components['schemas']['About'];

/** Where `npm run trigger` sends to unless it is told. */
const USUAL_CALLBACK_URL = 'http://127.0.0.1:3000/';

/** What a receiver is, without its secrets. */
export function aboutThis(
  config: { sdkAppId: number; demo: boolean; tokens: readonly string[]; databaseUrl: string },
  callbackUrl: string,
): About {
  return {
    sdkAppId: config.sdkAppId,
    version: packageJson.version,
    callbackUrl,
    demo: config.demo,
    signed: config.tokens.length > 0,
    database: config.databaseUrl.startsWith('sqlite:') ? 'sqlite' : 'postgres',
    triggerCommand: callbackUrl === USUAL_CALLBACK_URL ? 'npm run trigger' : `npm run trigger -- --url ${callbackUrl}`,
  };
}
