import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { expect, test } from 'vitest';

import { serve, serveTls } from '../../../cluster/test/cdi/imageServer.ts';
import { QemuRuntime } from '../../../cluster/src/kubevirt/virt-launcher/QemuRuntime.ts';
import {
  startCluster,
  temporaryFolder,
  type TestCluster,
} from '../../../cluster/test/kubevirt/clusterFixture.ts';
import { vmCan, type Verdict } from '../vmCan';
import { vmFacts } from '../vmFacts';
import { claimProvocations } from './claimProvocations.contract';
import { diskProvocations } from './diskProvocations.contract';
import { guestProvocations } from './guestProvocations.contract';
import { migrationProvocations } from './migrationProvocations.contract';
import { nodeProvocations } from './nodeProvocations.contract';
import { patch, post, type Provocation, type Servers, vmsUrl } from './provocation.contract';
import { startProvocations } from './startProvocations.contract';
import type { Situation } from './Situation';
import { situationOf } from './situationOf.contract';
import { vmWhys, type Why, whyRules } from './vmWhy';

const run = promisify(execFile);

const patienceMs = 90_000;

const provocations = (servers: Servers) => ({
  ...startProvocations(servers),
  ...claimProvocations,
  ...guestProvocations(),
  ...migrationProvocations,
});

/** What the servers give those who know nothing of them. */
const nowhere: Servers = { web: '', secure: '', registry: '' };

/** The sentence as it is shown. */
const textOf = ({ sentence, values }: Why) =>
  sentence.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => values[name] ?? '');

test('each reason is told when it happens', { timeout: 240_000 }, async () => {
  const web = await serve(({ url = '' }, response) => {
    const code = Number(url.slice(1));
    // Any other address is never answered.
    if (code > 0) response.writeHead(code).end();
  });
  // A server whose certificate nobody knows.
  const { url: secure } = await serveTls(Buffer.from('image'), new Date(Date.now() + 3_600_000));
  const all = provocations({ ...nowhere, web, secure });
  const cluster = await startCluster({ nodes: 2 });
  // Those that never end must not keep the others of their node waiting.
  const migrations = { parallelMigrationsPerCluster: 50, parallelOutboundMigrationsPerNode: 50 };
  await patch(cluster, '/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt', {
    spec: { configuration: { migrations } },
  });
  await Promise.all(
    Object.entries(all).map(([rule, provocation]) => happens(cluster, rule, provocation)),
  );
});

test('each reason is told when it happens to real disks', { timeout: 240_000 }, async () => {
  const chained = join(await temporaryFolder(), 'chained.qcow2');
  const base = ['-F', 'raw', '-b', '/nowhere/base.raw', '-u'];
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...base, chained, '1M']);
  const images = new Map([
    ['/large', Buffer.alloc(2 << 20, 7)],
    ['/chained', await readFile(chained)],
  ]);
  const web = await serve(({ url = '' }, response) => response.end(images.get(url)));
  const closed = await serve((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
  });
  const cluster = await startCluster({ runtime: await QemuRuntime.create() });
  const servers = { ...nowhere, web, registry: new URL(closed).host };
  await Promise.all(
    Object.entries(diskProvocations(servers)).map(([rule, provocation]) =>
      happens(cluster, rule, provocation),
    ),
  );
});

test.each(Object.entries(nodeProvocations))(
  'nodes: %s',
  { timeout: 240_000 },
  async (rule, { nodes, ...provocation }) => {
    await happens(await startCluster({ nodes }), rule, provocation);
  },
);

test('no rule is forgotten', () => {
  const provoked = Object.keys({
    ...provocations(nowhere),
    ...diskProvocations(nowhere),
    ...nodeProvocations,
  });
  expect(provoked.sort()).toEqual(whyRules.map(({ id }) => id).sort());
});

async function happens(
  cluster: TestCluster,
  rule: string,
  provocation: Provocation,
): Promise<void> {
  const namespace = `on-${rule.toLowerCase()}`;
  const { name = 'web', before, after, sentence, fixWaits = false } = provocation;
  const metadata = { name: namespace };
  await post(cluster, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
  await before?.(cluster, namespace);
  await post(cluster, vmsUrl(namespace), vmOf(name, provocation));
  if (after) {
    if (!provocation.spec) await untilRunning(cluster, namespace, name);
    await after(cluster, namespace, name);
  }
  const look = async () => {
    const situation = await situationOf(cluster, namespace, name);
    const why = vmWhys(situation).find((one) => one.rule === rule);
    return (
      why && {
        text: textOf(why).replace(/node-\d/, 'node-1'),
        canMend: fixWaits || fixOf(why, situation).allowed,
      }
    );
  };
  await expect
    .poll(look, { timeout: patienceMs, interval: 300, message: rule })
    .toEqual({ text: sentence, canMend: true });
}

/** Whether what is offered to mend it can be done now. */
function fixOf({ fix }: Why, { vm, vmi }: Situation): Verdict {
  if (fix.kind !== 'action') return { allowed: true };
  const { status, runStrategy, vmiPhase } = vmFacts(vm as V1VirtualMachine, vmi);
  return vmCan(fix.action, { status, runStrategy, vmiPhase });
}

async function untilRunning(cluster: TestCluster, namespace: string, name: string): Promise<void> {
  const conditions = async () => {
    const { vmi } = await situationOf(cluster, namespace, name);
    return vmi?.status?.conditions?.map(({ type }) => type) ?? [];
  };
  await expect
    .poll(conditions, { timeout: patienceMs, interval: 300, message: `${namespace} runs` })
    .toContain('LiveMigratable');
}

function vmOf(name: string, { template = {}, spec = {}, annotations = {} }: Provocation) {
  const { domain = {}, ...rest } = template;
  return {
    ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine' },
    metadata: { name, annotations },
    spec: {
      runStrategy: 'Always',
      ...spec,
      template: {
        spec: {
          terminationGracePeriodSeconds: 1,
          ...rest,
          domain: { memory: { guest: '256Mi' }, devices: {}, ...domain },
        },
      },
    },
  };
}
