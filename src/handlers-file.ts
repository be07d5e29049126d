import type { Logger } from './callback/logger.ts';
export async function registerHandlers(_file: string | null, _receiver: object, _log: Logger): Promise<void> {}
