import type { Logger } from './logger.ts';

/**
 * A log that converts errors to plain ones. Time-outs throw a DOMException, which inherits two dozen constants, and
 * loggers write every field of an error.
 */
export function withPlainErrors(log: Logger): Logger {
  const plain = (fields: object) =>
    'err' in fields && fields.err instanceof DOMException ? { ...fields, err: plainError(fields.err) } : fields;
  return {
    debug: (fields, message) => log.debug(plain(fields), message),
    info: (fields, message) => log.info(plain(fields), message),
    warn: (fields, message) => log.warn(plain(fields), message),
    error: (fields, message) => log.error(plain(fields), message),
  };
}

/** Keeps only name, message, code, stack and cause. */
function plainError({ name, message, code, stack, cause }: DOMException & { cause?: unknown }): Error {
  const error = new Error(
    message,
    cause === undefined ? {} : { cause: cause instanceof DOMException ? plainError(cause) : cause },
  );
  return Object.assign(error, { name, code, ...(stack !== undefined && { stack }) });
}
