import { execFileSync } from 'node:child_process';

/**
 * Sends a signal to a process and to all that descend from it: PostgreSQL stands still only when its workers do.
 * One that has ended meanwhile is passed over.
 */
export function signalTree(pid: number, signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  const children = new Map<number, number[]>();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')) {
    const [child, parent] = line.trim().split(/\s+/).map(Number) as [number, number];
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const send = (one: number) => {
    try {
      process.kill(one, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    for (const child of children.get(one) ?? []) send(child);
  };
  send(pid);
}
