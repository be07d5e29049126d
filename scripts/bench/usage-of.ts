import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Usage {
  /** User and system time of all threads since the process began; null where the system does not tell. */
  cpuSeconds: number | null;
  /** Resident memory. */
  bytes: number | null;
}

/** USER_HZ: what the kernel counts processor time in for those who read it, on every platform that Node runs on. */
const TICKS_A_SECOND = 100;

/** What a process has used so far. */
export function usageOf(pid: number): Usage {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  } catch {
    return { cpuSeconds: null, bytes: null };
  }
}

function fromProc(pid: number): Usage {
  // The name in parentheses may hold spaces; the state that follows it is field 3.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: ticks / TICKS_A_SECOND, bytes: Number(kilobytes) * 1024 };
}

/** Of macOS and the BSDs; only coarse where `time` has no fractions. */
function fromPs(pid: number): Usage {
  const [time = '', kilobytes] = execFileSync('ps', ['-o', 'time=,rss=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  const cpuSeconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuSeconds, bytes: Number(kilobytes) * 1024 };
}
