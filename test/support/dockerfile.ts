import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { project } from './blocks.ts';
import { copyPackages } from './package.ts';

// Executes a Dockerfile without a container engine: each stage has a folder as its file system, to which its absolute
// paths are mapped. Instead of accessing the registry, `npm ci` copies this project's packages.

/** Absolute paths of our Dockerfile; all others belong to the base image. */
const PATHS = /(?<![\w./])\/(?=(?:build|app|data)\b|$)/g;
const IS_ROOT = process.getuid?.() === 0;

export interface Instruction {
  keyword: string;
  text: string;
}

/** The instructions, with continued lines joined. */
export function instructionsOf(dockerfile: string): Instruction[] {
  const lines = dockerfile.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  return lines.split('\n').flatMap((line) => {
    const [, keyword, text] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    return keyword && text ? [{ keyword, text }] : [];
  });
}

/** An image: a folder as its file system, and the settings of its containers. */
export class Image {
  readonly root: string;
  cwd = '/';
  user: { uid: number; gid: number } | null = null;
  readonly env: Record<string, string> = {};
  entrypoint: string[] = [];
  command: string[] = [];
  healthCheck: string[] = [];

  constructor(root: string) {
    this.root = root;
    mkdirSync(root, { recursive: true });
  }

  /** Maps the text's absolute paths to this machine. */
  here(text: string): string {
    return text.replaceAll(PATHS, `${this.root}/`);
  }

  /** Runs a program as the image's user in its working directory, with the image's environment and the given one. */
  spawn([file = '', ...args]: string[], env: Record<string, string> = {}, options: SpawnOptions = {}) {
    return spawn(
      file === 'node' ? process.execPath : file,
      args.map((one) => this.here(one)),
      {
        cwd: this.here(this.cwd),
        env: { ...this.environment(), ...env },
        ...(IS_ROOT && this.user),
        ...options,
      },
    );
  }

  environment(): Record<string, string> {
    const ours = Object.entries(this.env).map(([name, value]) => [name, this.here(value)]);
    return { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter), ...Object.fromEntries(ours) };
  }
}

/** Executes the instructions of the Dockerfile in order. @returns its last stage */
export async function build(instructions: Instruction[], folder: string): Promise<Image> {
  const stages = new Map<string, Image>();
  let image: Image | undefined;
  for (const { keyword, text } of instructions) {
    if (keyword === 'FROM') {
      const name = / AS (\w+)$/.exec(text)?.[1] ?? 'last';
      image = new Image(join(folder, name));
      stages.set(name, image);
    } else if (image) {
      await carryOut(keyword, text, image, stages);
    }
  }
  return image as Image;
}

async function carryOut(keyword: string, text: string, image: Image, stages: Map<string, Image>): Promise<void> {
  if (keyword === 'RUN') await run(text, image);
  if (keyword === 'COPY') copy(text, image, stages);
  if (keyword === 'WORKDIR') {
    image.cwd = text;
    mkdirSync(image.here(text), { recursive: true });
  }
  if (keyword === 'USER') {
    const [uid, gid] = text.split(':').map(Number) as [number, number];
    image.user = { uid, gid };
  }
  if (keyword === 'ENV') for (const [, name = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) image.env[name] = value;
  if (keyword === 'ENTRYPOINT') image.entrypoint = JSON.parse(text);
  if (keyword === 'CMD') image.command = JSON.parse(text);
  if (keyword === 'HEALTHCHECK') image.healthCheck = JSON.parse(text.slice(text.indexOf('CMD ') + 4));
}

async function run(text: string, image: Image): Promise<void> {
  const cwd = image.here(image.cwd);
  if (text.startsWith('npm ci ')) return install(text, cwd);
  // Only root can change owners: otherwise the image's user is the one running this.
  const line = IS_ROOT ? text : text.replace(/chown \d+:\d+/, `chown ${process.getuid?.()}:${process.getgid?.()}`);
  await promisify(execFile)('sh', ['-ec', image.here(line)], { cwd, env: image.environment(), maxBuffer: 2 ** 26 });
}

/** The packages that `npm ci` installs: all of the lock file, or only those for production. */
function install(text: string, cwd: string): void {
  const { dependencies } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  if (text.includes('--omit=dev')) copyPackages(Object.keys(dependencies), cwd);
  else symlinkSync(join(project, 'node_modules'), join(cwd, 'node_modules'));
}

function copy(text: string, image: Image, stages: Map<string, Image>): void {
  const [, stage, paths = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(text) ?? [];
  const sources = paths.split(' ');
  const target = sources.pop() ?? '';
  const to = resolve(image.here(image.cwd), image.here(target));
  for (const source of sources) {
    if (stage) {
      for (const path of globSync(stages.get(stage)?.here(source) ?? '')) {
        cpSync(path, target.endsWith('/') ? join(to, basename(path)) : to, { recursive: true });
      }
    } else {
      for (const path of context().filter((one) => source === '.' || one === source)) {
        cpSync(join(project, path), join(to, path));
      }
    }
  }
}

/** The project's files that .dockerignore allows into the build. */
export function context(): string[] {
  const patterns = readFileSync(join(project, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  const filesIn = (folder: string): string[] =>
    readdirSync(join(project, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (isIgnored(path, patterns)) return [];
      return entry.isDirectory() ? filesIn(path) : [path];
    });
  return filesIn('');
}

/** The last pattern that matches the path, or a folder of it, decides. Unlike in a shell, `*` matches dots. */
function isIgnored(path: string, patterns: string[]): boolean {
  const parts = path.split('/');
  const ancestors = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  let ignored = false;
  for (const pattern of patterns) {
    const glob = pattern.replace(/^!/, '').replaceAll('.', '\\.');
    const expression = new RegExp(`^${glob.replaceAll('**/', '(.+/)?').replaceAll('*', '[^/]*')}$`);
    if (ancestors.some((one) => expression.test(one))) ignored = !pattern.startsWith('!');
  }
  return ignored;
}
