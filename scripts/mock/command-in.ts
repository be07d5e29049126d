import { parseBody } from './parse-body.ts';

/** The command of a request: that of the URL, else that of the body, else an empty text. */
export function commandIn(url: string, body: Buffer): string {
  return commandOfUrl(url) || commandOfBody(body);
}

export function commandOfUrl(url: string): string {
  return new URLSearchParams(url.split('?', 2)[1] ?? '').get('CallbackCommand') ?? '';
}

export function commandOfBody(body: Buffer): string {
  const command = (parseBody(body).value as { CallbackCommand?: unknown } | null | undefined)?.CallbackCommand;
  return typeof command === 'string' ? command : '';
}
