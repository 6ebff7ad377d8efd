import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { registerSandbox } from '../src/cli/sandbox';
import { type onlyTownFolder, type ProgramRole, readEnv, variables } from '../src/config/env';
import { startSandbox } from '../src/local/sandbox';
import { routePolicies, routesOf } from '../src/web/access';
import { healthRoutes } from '../src/web/http';
import { readComposeFile, root, type ComposeService } from './support/compose-file';
import { testTown } from './support/local-sandbox';
import { ownFolder } from './support/own-folder';

/** The contents of a minimal .env: only variables without a default. */
const given = {
  POSTGRES_PASSWORD: 'c0ffee',
  MONGODB_ROOT_PASSWORD: 'c0ffee',
  MONGODB_PASSWORD: 'c0ffee',
  PUBLIC_BASE_URL: 'https://bildirim.example.org',
  LINK_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64url')}`,
  WHATSAPP_APP_SECRET: 'app-secret',
  WHATSAPP_VERIFY_TOKEN: 'handshake',
  WHATSAPP_ACCESS_TOKEN: 'EAAtoken',
  WHATSAPP_PHONE_NUMBER_ID: '106540352242922',
  SMTP_URL: 'smtp://user:password@mail.example.org:587',
  MAIL_FROM: 'Bildirim Hattı <bildirim@etimesgut.example>',
};
const compose = readComposeFile(given);
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);
/** One-off set-up jobs; all other services keep running. */
const jobs = ['db-sync', 'temporal-sync'];

function serviceNamed(name: string): ComposeService {
  const found = compose.services[name];
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
}

/** Documented ports of third-party images. */
const portsOfOthers: Readonly<Record<string, readonly number[]>> = {
  postgresql: [5432],
  temporal: [7233],
  'temporal-ui': [8080],
  mongodb: [27017],
  mailpit: [1025, 8025],
};

function portsOf(name: string): readonly number[] {
  const { environment } = serviceNamed(name);
  const own = ['PORT', 'HEALTH_PORT', 'METRICS_PORT', 'SANDBOX_PORT', 'SANDBOX_SMTP_PORT'];
  return portsOfOthers[name] ?? own.flatMap(variable => environment[variable] ?? []).map(Number);
}

function sandboxOptions() {
  const program = new Command();
  registerSandbox(program);
  return program.commands.flatMap(({ options }) => options);
}

/** Returns the variables that a command reads, after it accepted the environment of its service. */
function variablesRead(command: readonly string[], environment: Record<string, string>): string[] {
  const role = command[0] ?? '';
  if (role === 'sandbox') {
    const missing = sandboxOptions().filter(
      ({ mandatory, envVar }) => mandatory && !environment[envVar ?? ''],
    );
    if (missing.length > 0)
      throw new Error(`sandbox lacks ${missing.map(({ envVar }) => envVar).join(', ')}`);
    return sandboxOptions().flatMap(({ envVar }) => envVar ?? []);
  }
  return Object.keys(readEnv(role as ProgramRole, environment));
}

test('our services are the two roles, the two set-up jobs and the sandbox', () => {
  expect(ours.map(([name]) => name).sort()).toEqual(['sandbox', 'web', 'worker', ...jobs].sort());
});

describe.each(ours)('%s', (_name, service) => {
  const { command = [], environment } = service;

  test('runs a command that the program has', async () => {
    const main = join(root, 'dist/src/cli/main.js');
    // Runs the compiled program like the image does, so that a command missing from main.ts is detected.
    if (!existsSync(main)) throw new Error('the program is not built: npm run build');
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...command, '--help'], {
      cwd: root,
    });
    expect(stdout).toContain(`Usage: paydaskent ${command.join(' ')} [options]`);
  });

  test('gets every variable that its command requires, and none that it does not read', () => {
    const read = variablesRead(command, environment);
    const names = Object.keys(environment).map(variable => {
      const secret = variable.replace(/_FILE$/, '');
      return secret in variables && 'secret' in variables[secret as keyof typeof variables]
        ? secret
        : variable;
    });
    expect(read).toEqual(expect.arrayContaining(names));
  });

  test('runs without root, capabilities and a writable file system', () => {
    expect(service).toMatchObject({
      init: true,
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(service).not.toHaveProperty('user');
  });
});

const dataDir = ownFolder('compose-sandbox');

/** Returns the paths that a service serves to anyone. */
async function pathsOf(name: string): Promise<string[]> {
  if (name === 'web') return Object.keys(routePolicies).map(route => route.replace('GET ', ''));
  if (name === 'worker') {
    const routes = routesOf(healthRoutes(() => Promise.resolve({ status: 'ready', parts: {} })));
    return routes.map(route => route.replace('GET ', ''));
  }
  const secrets = { phoneNumberId: '1', accessToken: 'a', appSecret: 'b', verifyToken: 'c' };
  const webhookUrl = 'http://127.0.0.1:9/webhooks/whatsapp';
  const sandbox = await startSandbox({
    ...secrets,
    webhookUrl,
    port: 0,
    smtpPort: 0,
    graphVersion: 'v26.0',
    town: testTown,
    dataDir,
  });
  try {
    return (await fetch(`${sandbox.url}/`)).status === 200 ? ['/'] : [];
  } finally {
    await sandbox.stop();
  }
}

test.each(ours.filter(([name]) => !jobs.includes(name)))(
  'the health check of %s uses its own port and a path that it serves',
  async (name, { healthcheck, restart }) => {
    expect(restart).toBe('unless-stopped');
    const probe = healthcheck && 'test' in healthcheck ? healthcheck.test.join(' ') : '';
    const [, port, path] = /fetch\('http:\/\/127\.0\.0\.1:(\d+)(\/\w*)'\)/.exec(probe) ?? [];
    expect(Number(port)).toBe(portsOf(name)[0]);
    expect(await pathsOf(name)).toContain(path);
  },
);

test.each(jobs)('%s is retried on failure and has no health check', name => {
  expect(serviceNamed(name)).toMatchObject({ restart: 'on-failure:10', healthcheck: { disable: true } });
});

test('every placeholder is a known variable, with the same default as in the program', () => {
  const ofCompose = ['POSTGRES_PASSWORD', 'MONGODB_ROOT_PASSWORD', 'MONGODB_PASSWORD'];
  for (const { name, standard } of compose.placeholders) {
    if (ofCompose.includes(name)) continue;
    const { [name]: known } = variables as Record<string, { standard?: string | typeof onlyTownFolder }>;
    const usual = typeof known?.standard === 'function' ? known.standard(root) : known?.standard;
    expect({ name, standard }).toEqual({ name, standard: usual });
    expect([name, known !== undefined]).toEqual([name, true]);
  }
  expect(() => readComposeFile({ ...given, LINK_KEYS: '' })).toThrow('LINK_KEYS must be set');
});

test('every internal address is a port of a service in the same network', () => {
  const addresses = services.flatMap(([from, { environment }]) =>
    Object.values(environment).flatMap(value =>
      [...value.matchAll(/([\w.-]+):(\d+)/g)]
        .filter(([, host = '']) => host in compose.services)
        .map(([, to = '', port]) => ({ from, to, port: Number(port) })),
    ),
  );
  const reachable = addresses.filter(
    ({ from, to, port }) =>
      portsOf(to).includes(port) &&
      serviceNamed(to).networks.some(network => serviceNamed(from).networks.includes(network)),
  );
  // The two sync jobs share their variables, but each connects to one server only.
  const unused = [
    { from: 'db-sync', to: 'temporal', port: 7233 },
    { from: 'temporal-sync', to: 'mongodb', port: 27017 },
  ];
  expect(addresses.filter(address => !reachable.includes(address))).toEqual(unused);
  expect(reachable.map(({ from, to }) => `${from} → ${to}`)).toEqual(
    expect.arrayContaining(['web → mongodb', 'worker → temporal', 'sandbox → web', 'temporal-ui → temporal']),
  );
});

test('the sandbox posts to the path that the web role serves', () => {
  const { pathname } = new URL(serviceNamed('sandbox').environment['SANDBOX_WEBHOOK_URL'] ?? '');
  expect(Object.keys(routePolicies)).toContain(`POST ${pathname}`);
});

test('published ports listen on this machine only and lead to the port of the service', () => {
  for (const [name, { ports }] of services) {
    for (const published of ports) {
      const [host, , inside] = published.split(':');
      expect([name, host]).toEqual([name, '127.0.0.1']);
      expect(portsOf(name)).toContain(Number(inside));
    }
  }
});

test('every referenced volume, network, config and health check exists', () => {
  for (const [name, service] of services) {
    expect(Object.keys(compose.volumes)).toEqual(
      expect.arrayContaining(service.volumes.map(volume => volume.split(':')[0])),
    );
    expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(service.networks));
    expect(Object.keys(compose.configs)).toEqual(
      expect.arrayContaining(service.configs.map(({ source }) => source)),
    );
    for (const [other, { condition }] of Object.entries(service.depends_on)) {
      const { healthcheck, restart, profiles } = serviceNamed(other);
      const answers = healthcheck !== undefined && 'test' in healthcheck;
      expect([name, other, answers ? 'service_healthy' : 'service_completed_successfully']).toEqual([
        name,
        other,
        condition,
      ]);
      expect(restart).toBe(answers ? 'unless-stopped' : 'on-failure:10');
      expect(profiles ?? service.profiles).toEqual(service.profiles);
    }
  }
  const used = services.flatMap(([, { volumes }]) => volumes.map(volume => volume.split(':')[0]));
  expect([...new Set(used)].sort()).toEqual(Object.keys(compose.volumes).sort());
});

test('every image has an exact version, and all Temporal images have the same', () => {
  for (const [, { image }] of services) expect(image).toMatch(/^[\w/-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  const version = (name: string) => serviceNamed(name).image.split(':')[1];
  expect(version('temporal-schema')).toBe(version('temporal'));
});

test('the Temporal UI is read-only and opens the namespace of the line', () => {
  const { environment } = serviceNamed('temporal-ui');
  expect(environment['TEMPORAL_DISABLE_WRITE_ACTIONS']).toBe('true');
  expect(environment['TEMPORAL_DEFAULT_NAMESPACE']).toBe(
    serviceNamed('worker').environment['TEMPORAL_NAMESPACE'],
  );
});

test('profile dev adds only the sandbox and Mailpit', () => {
  const dev = services.filter(([, { profiles }]) => profiles?.includes('dev'));
  expect(dev.map(([name]) => name).sort()).toEqual(['mailpit', 'sandbox']);
});
