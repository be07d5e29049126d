import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../command-line.ts';

const run = promisify(execFile);

/**
 * Writes `openapi/` as it was at a git revision into `folder`, without the examples.
 *
 * @returns the revision's commit, abbreviated.
 * @throws UsageError when there is no such revision, or the contract came later.
 */
export async function readRevision(root: string, ref: string, folder: string): Promise<string> {
  await git(root, ['rev-parse', '--git-dir'], `${root} is not in a git repository: nothing to compare with`);
  const commit = await git(
    root,
    ['rev-parse', '--verify', '--short', '--end-of-options', `${ref}^{commit}`],
    `${JSON.stringify(ref)} is no commit of this repository: name a commit, branch or tag, or fetch it first`,
  );
  const listing = await git(root, ['ls-tree', '-r', '-z', '--name-only', commit, '--', 'openapi']);
  const paths = listing.split('\0').filter((path) => path && !path.startsWith('openapi/examples/'));
  for (const document of ['openapi/callback.yaml', 'openapi/admin.yaml']) {
    if (paths.includes(document)) continue;
    const [first] = (await git(root, ['log', '--reverse', '--format=%h', '--diff-filter=A', '--', document])).split(
      '\n',
    );
    throw new UsageError(
      `${ref} (${commit}) has no ${document}: ` +
        (first ? `it came with ${first}; name that commit or a later one` : 'it was never committed'),
    );
  }
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    // A path that begins with ./ is taken from the working directory, not from the top of the repository.
    const { stdout } = await run('git', ['show', `${commit}:./${path}`], { cwd: root, encoding: 'buffer' });
    await writeFile(join(folder, path), stdout);
  }
  return commit;
}

/** @returns what git prints, trimmed. `otherwise` is the message where it fails. */
async function git(root: string, args: string[], otherwise?: string): Promise<string> {
  try {
    return (await run('git', args, { cwd: root })).stdout.trim();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(missing ? 'git is not installed' : (otherwise ?? (error as Error).message));
  }
}
