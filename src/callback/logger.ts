/**
 * The log, called as pino is: fields first, then the message. `console` and most loggers fit as they are. Fields are
 * plain values, except `err`, which is an Error. Nothing that is logged contains a secret.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
