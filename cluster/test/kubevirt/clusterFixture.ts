import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished } from 'vitest';

import { staticTokens } from '../../src/apiserver/auth/staticTokens.ts';
import type { KubeClient } from '../../src/client/KubeClient.ts';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/createCluster.ts';
import { SimulatedRuntime } from '../../src/kubevirt/virt-launcher/SimulatedRuntime.ts';
import { remoteControlPlane } from './overHttps.ts';
import { SkippingClock } from './SkippingClock.ts';

export const adminToken = 'admin-token';
export const bobToken = 'bob-token';

const admin = { username: 'admin', groups: ['system:masters', 'system:authenticated'] };
const bob = { username: 'bob', groups: ['team', 'system:authenticated'] };

export interface Reply {
  code: number;
  text: string;
  /** The JSON body; empty when there is none. */
  body: Record<string, unknown>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface TestCluster {
  readonly cluster: Cluster;
  readonly dataDir: string;
  /** Acts as an administrator from outside, not as the control plane. */
  readonly client: KubeClient;
  readonly clock: SkippingClock;
  send: (method: Method, url: string, how?: Send) => Promise<Reply>;
  close: (how?: { leaveGuests: boolean }) => Promise<void>;
}

export interface Send {
  body?: unknown;
  token?: string;
  contentType?: string;
}

/**
 * A cluster of simulated guests for one test, which answer in milliseconds; gone when it has finished.
 * With CONTROL_PLANE=https its parts reach the API over HTTPS, and a right that one lacks fails the test.
 */
export async function startCluster(
  options: Partial<ClusterOptions> & { clock?: SkippingClock } = {},
): Promise<TestCluster> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const clock = options.clock ?? new SkippingClock();
  const remote =
    process.env['CONTROL_PLANE'] === 'https' ? remoteControlPlane(options.nodes ?? 1) : undefined;
  const cluster = await createCluster({
    nodes: 1,
    runtime: options.runtime ?? quickGuests(),
    guestImages: [],
    authenticate: staticTokens(
      new Map([
        [adminToken, admin],
        [bobToken, bob],
      ]),
    ),
    clock,
    log: () => undefined,
    ...(remote && { controlPlane: (api) => remote.connect(api) }),
    ...options,
    dataDir,
  });
  let closed = false;
  const close = async (how = { leaveGuests: false }) => {
    if (closed) return;
    closed = true;
    await cluster.close({ ...how, graceMs: 0 });
    remote?.close();
    clock.stop();
    expect(remote?.refusals ?? []).toEqual([]);
  };
  onTestFinished(() => close());
  return {
    cluster,
    dataDir,
    client: cluster.api.clientFor(admin),
    clock,
    send: async (method, url, { body, token = adminToken, contentType } = {}) => {
      const response = await cluster.api.inject({
        method,
        url,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': contentType ?? 'application/json',
        },
        ...(body !== undefined && { payload: JSON.stringify(body) }),
      });
      const isJson = String(response.headers['content-type']).startsWith('application/json');
      return {
        code: response.statusCode,
        text: response.body,
        body: isJson ? (JSON.parse(response.body) as Record<string, unknown>) : {},
      };
    },
    close,
  };
}

export const quickGuests = () =>
  new SimulatedRuntime({ startMs: 5, shutdownMs: 5, agentMs: 5, migrateMs: 5 });

/** A folder that is removed when the test has finished. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-kubevirt-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const base = '/apis/subresources.kubevirt.io/v1/namespaces/default';
export const vmAction = (name: string, action: string) =>
  `${base}/virtualmachines/${name}/${action}`;
export const vmiAction = (name: string, action: string) =>
  `${base}/virtualmachineinstances/${name}/${action}`;
