import { setTimeout as sleep } from 'node:timers/promises';

import { backup, restore } from './backup.ts';
import { collectAtRest } from './collectAtRest.ts';
import { openClusterFolder } from './ClusterFolder.ts';
import { type Cluster, type ClusterOptions, createCluster } from './createCluster.ts';
import type { ApiServer } from './apiserver/createApiServer.ts';
import { staticTokens } from './apiserver/auth/staticTokens.ts';
import { ignoreCommitEchoes } from './apiserver/storage/ignoreCommitEchoes.ts';
import { guestImages } from './guest-images/guestImages.ts';
import { virtualMachines } from './kubevirt/resources.ts';
import type { GuestRuntime } from './kubevirt/virt-launcher/GuestRuntime.ts';
import { findPrometheus } from './monitoring/findPrometheus.ts';
import { QemuRuntime } from './kubevirt/virt-launcher/QemuRuntime.ts';
import { SimulatedRuntime } from './kubevirt/virt-launcher/SimulatedRuntime.ts';
import { copySeeds } from './load/copySeeds.ts';
import { missingSeeds, seedFirst } from './load/seedVirtualMachines.ts';
import { startChurn } from './load/startChurn.ts';
import { installUsers, readyUsers } from './users.ts';
import { type Arguments, readArguments, usage } from './readArguments.ts';
import { messageOf } from './client/messageOf.ts';

/** Time that guests have to shut down when the program is ended. */
const shutdownGraceMs = 30_000;
const lookMs = 250;

/** Messages to the program that started us, when it did so with a channel. */
export type ClusterMessage =
  | { type: 'ready'; url: string; kubeconfig: string }
  /** Guests that are still to shut down, and the seconds that they have at most; sent whenever one has. */
  | { type: 'stopping'; guests: number; seconds: number };

/** Messages from it. */
export type ParentMessage = { type: 'listening'; port: number };

function tell(message: ClusterMessage): void {
  process.send?.(message);
}

async function run(options: Arguments): Promise<void> {
  const folder = await openClusterFolder(options);
  const { log } = folder;
  const runtime: GuestRuntime =
    options.runtime === 'simulated' ? new SimulatedRuntime() : await QemuRuntime.create();
  const images = guestImages(folder.path, log)
    .filter(({ name }) => options.guestImages.includes(name))
    // Nothing reads the disk of a simulated guest.
    .map((image) =>
      runtime.name === 'simulated' ? { ...image, build: () => Promise.resolve('') } : image,
    );
  const settings: ClusterOptions = {
    dataDir: folder.path,
    nodes: folder.nodes,
    runtime,
    guestImages: images,
    authenticate: staticTokens(
      new Map([[folder.adminToken, { username: 'admin', groups: ['system:masters'] }]]),
    ),
    prometheus: { program: findPrometheus() },
    log,
  };
  const starting = createSeededCluster(settings, options.seedVms, async (api) => {
    const { url } = await api.listen({ port: folder.port, host: '127.0.0.1' });
    if (!folder.hasUsers) await installUsers(api.client);
    await folder.writeKubeconfig({
      url,
      certificateAuthority: api.certificateAuthority,
      users: await Promise.all(
        readyUsers.map(async (user) => ({ ...user, ...(await api.issueCertificate(user)) })),
      ),
    });
    log(`ready at ${url}, guests run by ${runtime.version} (${runtime.acceleration})`);
    console.log(`cluster is ready: ${url}`);
    tell({ type: 'ready', url, kubeconfig: folder.kubeconfig });
  });
  let stopChurn: () => void = () => undefined;
  stopOnSignals(async (leaveGuests) => {
    const cluster = await starting;
    stopChurn();
    const stopTelling = leaveGuests ? () => undefined : tellOfStopping(cluster);
    await cluster.close({ leaveGuests, graceMs: shutdownGraceMs });
    stopTelling();
    log('stopped');
    await folder.close();
  });
  const cluster = await starting;
  process.on('message', (message: ParentMessage) => {
    // No import is to reach the console.
    cluster.reservePort(message.port);
  });
  if (options.churn > 0) {
    const { client } = cluster.api;
    stopChurn = startChurn(client, { count: options.seedVms, perSecond: options.churn, log });
  }
}

/** Says how many guests are still to shut down, and for how long they are waited for; until it is called. */
function tellOfStopping(cluster: Cluster): () => void {
  const begin = Date.now();
  let told = 0;
  const look = () => {
    const guests = cluster.running();
    if (guests === told || guests === 0) return;
    const seconds = Math.max(0, Math.round((begin + shutdownGraceMs - Date.now()) / 1000));
    const machines = `${guests} virtual machine${guests === 1 ? '' : 's'}`;
    console.log(
      told === 0
        ? `Shutting down ${machines}, within ${seconds} s; press Ctrl-C again to leave them running …`
        : `${machines} left, ${seconds} s`,
    );
    tell({ type: 'stopping', guests, seconds });
    told = guests;
  };
  look();
  const timer = setInterval(look, lookMs);
  return () => clearInterval(timer);
}

/**
 * A cluster with so many running virtual machines, which it may have already; `serve` is called with the API
 * of the one that stays.
 */
async function createSeededCluster(
  settings: ClusterOptions,
  count: number,
  serve: (api: ApiServer) => Promise<void>,
): Promise<Cluster> {
  const begin = performance.now();
  const missing: number[] = [];
  const cluster = await createCluster({
    ...settings,
    async serve(api) {
      // Where there are enough, none of them need be read.
      if (api.count(virtualMachines) < count)
        missing.push(...(await missingSeeds(api.client, count)));
      if (missing.length === 0) await serve(api);
    },
  });
  if (missing.length === 0) return cluster;
  await seedFirst(cluster.api.client);
  await cluster.close({ leaveGuests: false, graceMs: 0 });
  const others = missing.filter((index) => index > 0);
  await copySeeds(settings.dataDir, others, settings.nodes);
  const seeded = await createCluster(settings);
  while (seeded.running() < count) await sleep(50);
  await serve(seeded.api);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${missing.length} virtual machines were made in ${seconds} s`);
  return seeded;
}

/**
 * The first signal ends everything in order; one that comes over a second later ends the program at once
 * and leaves the guests to themselves. When the program that started us is gone, guests are left too.
 */
function stopOnSignals(stop: (leaveGuests: boolean) => Promise<void>): void {
  let since: number | undefined;
  const end = (leaveGuests: boolean) => {
    if (since !== undefined) {
      // npm passes a signal on that the terminal has sent already: that is no second one.
      if (Date.now() - since > 1000) process.exit(130);
      return;
    }
    since = Date.now();
    stop(leaveGuests).then(() => process.exit(0), fail);
  };
  process.on('SIGINT', () => end(false));
  process.on('SIGTERM', () => end(false));
  process.on('SIGHUP', () => end(false));
  if (process.send) process.on('disconnect', () => end(true));
}

async function transfer(
  dataDir: string,
  { command, file, replace }: NonNullable<Arguments['transfer']>,
): Promise<void> {
  console.log(
    command === 'backup' ? await backup(dataDir, file) : await restore(dataDir, file, replace),
  );
}

function fail(error: unknown): void {
  console.error(`virtdeck: ${messageOf(error)}`);
  process.exit(1);
}

process.umask(0o077);
ignoreCommitEchoes();
collectAtRest();
try {
  const options = readArguments(process.argv.slice(2));
  if (!options) console.log(usage);
  else if (options.transfer) await transfer(options.dataDir, options.transfer);
  else await run(options);
} catch (error) {
  fail(error);
}
