import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { startCluster } from '../../cluster/test/kubevirt/clusterFixture.ts';
import { kubeconfigOf } from '../../cluster/test/kubevirt/kubeconfigOf.ts';
import packageJson from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
}

interface Container {
  image: string;
  ports: { name: string; containerPort: number }[];
  volumeMounts: { name: string; mountPath: string }[];
}

interface Deployment extends Manifest {
  spec: {
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        containers: [Container];
        volumes: { name: string; secret?: { secretName: string } }[];
      };
    };
  };
}

interface Service extends Manifest {
  spec: {
    selector: Record<string, string>;
    ports: [{ port: number; targetPort: string }];
  };
}

interface ConsolePlugin extends Manifest {
  spec: { backend: { service: { name: string; namespace: string; port: number } } };
}

async function manifests(): Promise<Manifest[]> {
  const { stdout } = await run('kubectl', ['kustomize', join(root, 'deploy', 'openshift')]);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

async function manifestOf<T extends Manifest>(kind: string): Promise<T> {
  const found = (await manifests()).find((manifest) => manifest.kind === kind);
  if (!found) throw new Error(`deploy/openshift has no ${kind}`);
  return found as T;
}

/** Kinds that only OpenShift has; the local cluster cannot judge them. */
const openshiftOnly = /\.openshift\.io\//;

describe('what OpenShift is given', () => {
  it('is taken by a strict API server', async () => {
    const { cluster, dataDir } = await startCluster();
    const kubeconfig = join(dataDir, 'kubeconfig');
    await writeFile(kubeconfig, await kubeconfigOf(cluster));
    const known = (await manifests()).filter(({ apiVersion }) => !openshiftOnly.test(apiVersion));
    const file = join(dataDir, 'manifests.json');
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: known }));
    const apply = ['--kubeconfig', kubeconfig, 'apply', '--validate=true', '-f', file];
    const { stdout, stderr } = await run('kubectl', apply);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(
      known.map(({ kind }): unknown =>
        expect.stringMatching(new RegExp(`^${kind}\\S* created$`, 'i')),
      ),
    );
  });

  it('leads the console to the server', async () => {
    const plugin = await manifestOf<ConsolePlugin>('ConsolePlugin');
    const service = await manifestOf<Service>('Service');
    const { template } = (await manifestOf<Deployment>('Deployment')).spec;
    expect(plugin.metadata.name).toBe(packageJson.consolePlugin.name);
    expect(plugin.spec.backend.service).toEqual({
      ...{ name: service.metadata.name, namespace: service.metadata.namespace, basePath: '/' },
      port: service.spec.ports[0].port,
    });
    expect(template.metadata.labels).toMatchObject(service.spec.selector);
    const [container] = template.spec.containers;
    const configuration = await readFile(join(root, 'deploy', 'nginx.conf'), 'utf8');
    const { containerPort = 0 } =
      container.ports.find(({ name }) => name === service.spec.ports[0].targetPort) ?? {};
    expect(configuration).toContain(`listen ${containerPort} ssl;`);
  });

  it('mounts the certificate that the service asks for where the server reads it', async () => {
    const service = await manifestOf<Service>('Service');
    const { containers, volumes } = (await manifestOf<Deployment>('Deployment')).spec.template.spec;
    const secretName =
      service.metadata.annotations?.['service.beta.openshift.io/serving-cert-secret-name'];
    const volume = volumes.find(({ secret }) => secret?.secretName === secretName);
    const mount = containers[0].volumeMounts.find(({ name }) => name === volume?.name);
    const containerfile = await readFile(join(root, 'deploy', 'Containerfile'), 'utf8');
    const [, prefix] = /"-p", "([^"]+)"/.exec(containerfile) ?? [];
    expect(mount?.mountPath).toBe(`${prefix}/serving-cert`);
  });

  it('rolls out the image that the cluster builds', async () => {
    const stream = await manifestOf('ImageStream');
    const { metadata, spec } = await manifestOf<Deployment>('Deployment');
    const triggers = JSON.parse(metadata.annotations?.['image.openshift.io/triggers'] ?? '') as [
      { from: { name: string } },
    ];
    const tag = `${stream.metadata.name}:latest`;
    expect(triggers[0].from.name).toBe(tag);
    expect(spec.template.spec.containers[0].image).toContain(
      `/${stream.metadata.namespace ?? ''}/${tag}`,
    );
  });
});
