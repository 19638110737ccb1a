// Fills a cluster with virtual machines without disks, for measures of scale. As a program:
//   node benchmarks/seed.mjs --kubeconfig FILE --count 10000 --projects 20
// Best with `--runtime simulated`: on real nodes each virtual machine is a QEMU process.
import { Agent, request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { KubeConfig } from '@kubernetes/client-node';

/** Requests that are under way at the same time. */
const CONCURRENCY = 32;

/** A client of one cluster: `send(method, path, body)` gives the status and the parsed answer. */
export async function connect(kubeconfig) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${kubeconfig} has no current cluster.`);
  const options = {};
  await config.applyToHTTPSOptions(options);
  // One pool of connections for all: a TLS handshake for each request would be what is measured.
  options.agent = new Agent({
    keepAlive: true,
    maxSockets: CONCURRENCY,
    ca: options.ca,
    cert: options.cert,
    key: options.key,
    rejectUnauthorized: options.rejectUnauthorized,
  });
  const send = (method, path, body, type = 'application/json') =>
    new Promise((done, fail) => {
      const sent = request(
        new URL(path, cluster.server),
        { ...options, method, headers: { ...options.headers, 'content-type': type } },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            done({ status: response.statusCode, body: text === '' ? undefined : JSON.parse(text) });
          });
          response.on('error', fail);
        },
      );
      sent.on('error', fail);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return { send, close: () => options.agent.destroy() };
}

function virtualMachine(namespace, name) {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { namespace, name, labels: { app: 'seed' } },
    spec: {
      runStrategy: 'Always',
      template: {
        spec: {
          domain: {
            // Little, so that many fit on few nodes.
            resources: { requests: { cpu: '1m' } },
            memory: { guest: '16Mi' },
            devices: { interfaces: [{ name: 'default', masquerade: {} }] },
          },
          networks: [{ name: 'default', pod: {} }],
        },
      },
    },
  };
}

/** Runs `task(index)` for 0 to count - 1, a bounded number at a time. */
async function each(count, task) {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await task(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, count) }, worker));
}

/**
 * Makes `count` running VMs named `vm-0` ... spread over `projects` projects named `load-0` ... Those
 * that are there already are kept, so that an interrupted run can be repeated.
 * @param {{ kubeconfig: string, count: number, projects: number, onProgress?: (done: number) => void }} options
 * @returns {Promise<{ namespaces: string[] }>}
 */
export async function seed({ kubeconfig, count, projects, onProgress = () => undefined }) {
  const { send, close } = await connect(kubeconfig);
  const create = async (path, object) => {
    const { status, body } = await send('POST', path, object);
    if (status !== 201 && status !== 409) {
      throw new Error(`POST ${path}: ${status} ${body?.message ?? ''}`);
    }
  };
  const namespaces = Array.from({ length: projects }, (_, index) => `load-${index}`);
  try {
    await each(projects, (index) =>
      create('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespaces[index] },
      }),
    );
    let done = 0;
    await each(count, async (index) => {
      const namespace = namespaces[index % projects];
      await create(
        `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`,
        virtualMachine(namespace, `vm-${index}`),
      );
      done += 1;
      onProgress(done);
    });
  } finally {
    close();
  }
  return { namespaces };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      kubeconfig: { type: 'string' },
      count: { type: 'string', default: '1000' },
      projects: { type: 'string', default: '10' },
    },
  });
  const count = Number(values.count);
  const projects = Number(values.projects);
  if (!values.kubeconfig || !(count > 0) || !(projects > 0)) {
    process.stderr.write(
      'Usage: node benchmarks/seed.mjs --kubeconfig FILE [--count N] [--projects N]\n',
    );
    process.exit(1);
  }
  const started = Date.now();
  const onProgress = (done) => {
    if (done % 1000 === 0) process.stdout.write(`${done} created\n`);
  };
  await seed({ kubeconfig: values.kubeconfig, count, projects, onProgress });
  process.stdout.write(`${count} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}
