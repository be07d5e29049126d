import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Otherwise it sends telemetry, checks for updates and fetches news over the network. */
const SILENCE = {
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  REDOCLY_SUPPRESS_NOTIFICATIONS: 'true',
};

/** Runs Redocly's command in `cwd`; with `show`, it writes to the terminal and nothing is collected. */
export async function runRedocly(
  args: string[],
  { cwd, show = false }: { cwd: string; show?: boolean },
): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));
  const output = show ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    env: { ...process.env, ...SILENCE },
    stdio: ['ignore', output, output],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'close'),
  ]);
  return { code: code ?? 1, stdout, stderr };
}
