/**
 * What is logged, called as pino is: fields first, then the message. `console` and most loggers can be used as they are.
 * Fields are plain values, except `err`, which is an Error. Nothing logged has a secret in it.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
