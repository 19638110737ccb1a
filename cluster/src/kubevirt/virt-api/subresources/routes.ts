import { notImplemented } from '../../../apiserver/ApiError.ts';
import type { AggregatedGroup, AggregatedRoute } from '../../../apiserver/AggregatedGroup.ts';
import type { ApiHandler } from '../../../apiserver/ResourceDefinition.ts';
import { kubeVirtVersion } from '../../../versions.ts';
import { agentQueries } from './agentQueries.ts';
import { expandSpec, expandVmSpec } from './expandSpec.ts';
import { guestCommands } from './guestCommands.ts';
import { restart, start, stop } from './lifecycle.ts';
import { memoryDump, removeMemoryDump } from './memoryDump.ts';
import { cancelEvacuation, migrate } from './migrate.ts';
import type { Guests } from './lookup.ts';
import { vmiObjectGraph, vmObjectGraph } from './objectGraph.ts';
import { refuseSev, sevActions } from './sev.ts';
import { addInstanceVolume, addVolume, removeInstanceVolume, removeVolume } from './volumes.ts';
import { overWebSocket, screenshot, streams } from './streams.ts';

const vmPath = '/namespaces/:namespace/virtualmachines/:name';
const vmiPath = '/namespaces/:namespace/virtualmachineinstances/:name';

export type ConnectionKind = 'vnc' | 'console' | 'portForward' | 'usbRedirection';

/** Counts the streams to guests. */
export interface Connections {
  /** One has begun; what it gives is called when it is over. */
  begin(kind: ConnectionKind, namespace: string, vmi: string): () => void;
}

/** Routes that KubeVirt has and this cluster has not: they answer 501 with their name. */
const absent: [method: 'GET' | 'PUT', path: string][] = [['PUT', `${vmiPath}/backup`]];

/** The group subresources.kubevirt.io as virt-api serves it, in both versions alike. */
export function subresourceGroups(
  guests: Guests,
  version: object,
  connections: Connections,
): AggregatedGroup[] {
  const commands = guestCommands(guests);
  const { guestOsInfo, userList, filesystemList } = agentQueries(guests);
  const { vnc, console, portForward, usbRedirection, vsock } = streams(guests);
  const put = (path: string, handler: ApiHandler): AggregatedRoute => ({
    method: 'PUT',
    path,
    handler,
  });
  const get = (path: string, handler: ApiHandler): AggregatedRoute => ({
    method: 'GET',
    path,
    handler,
  });
  const stream = (path: string, prepare: typeof vnc, kind?: ConnectionKind): AggregatedRoute => ({
    method: 'WEBSOCKET',
    path,
    upgrade: overWebSocket(prepare, ({ params: { namespace = '', name = '' } }) =>
      kind ? connections.begin(kind, namespace, name) : () => undefined,
    ),
  });
  const routes: AggregatedRoute[] = [
    put(`${vmPath}/start`, start),
    put(`${vmPath}/stop`, stop),
    put(`${vmPath}/restart`, restart),
    get(`${vmPath}/expand-spec`, expandSpec),
    put('/namespaces/:namespace/expand-vm-spec', expandVmSpec),
    put(`${vmPath}/addvolume`, addVolume),
    put(`${vmPath}/removevolume`, removeVolume),
    put(`${vmiPath}/addvolume`, addInstanceVolume),
    put(`${vmiPath}/removevolume`, removeInstanceVolume),
    put(`${vmPath}/memorydump`, memoryDump),
    put(`${vmPath}/removememorydump`, removeMemoryDump),
    put(`${vmPath}/migrate`, migrate),
    put(`${vmPath}/evacuate/cancel`, cancelEvacuation),
    put(`${vmiPath}/evacuate/cancel`, cancelEvacuation),
    put(`${vmiPath}/pause`, commands.pause),
    put(`${vmiPath}/unpause`, commands.unpause),
    put(`${vmiPath}/reset`, commands.reset),
    put(`${vmiPath}/softreboot`, commands.softReboot),
    put(`${vmiPath}/freeze`, commands.freeze),
    put(`${vmiPath}/unfreeze`, commands.unfreeze),
    get(`${vmiPath}/guestosinfo`, guestOsInfo),
    get(`${vmiPath}/userlist`, userList),
    get(`${vmiPath}/filesystemlist`, filesystemList),
    get(`${vmPath}/objectgraph`, vmObjectGraph),
    get(`${vmiPath}/objectgraph`, vmiObjectGraph),
    ...sevActions.flatMap(({ method, action }): AggregatedRoute[] => [
      { method, path: `${vmiPath}/sev/${action}`, handler: refuseSev(action) },
    ]),
    get(`${vmiPath}/vnc/screenshot`, screenshot(guests)),
    stream(`${vmiPath}/usbredir`, usbRedirection, 'usbRedirection'),
    stream(`${vmiPath}/vsock`, vsock),
    stream(`${vmiPath}/vnc`, vnc, 'vnc'),
    stream(`${vmiPath}/console`, console, 'console'),
    ...[vmPath, vmiPath].flatMap((path) => [
      stream(`${path}/portforward/:port`, portForward, 'portForward'),
      stream(`${path}/portforward/:port/:protocol`, portForward, 'portForward'),
    ]),
    {
      method: 'GET',
      path: '/version',
      anyUser: true,
      handler: () => ({ code: 200, json: version }),
    },
    {
      method: 'GET',
      path: '/guestfs',
      anyUser: true,
      // The image with which `virtctl guestfs` would look into a claim.
      handler: () => ({
        code: 200,
        json: { registry: 'quay.io/kubevirt', tag: kubeVirtVersion, imagePrefix: '', gsImage: '' },
      }),
    },
    {
      method: 'GET',
      path: '/healthz',
      anyUser: true,
      handler: () => ({ code: 200, json: { apiserver: { connectivity: 'ok' } } }),
    },
    ...absent.map(([method, path]): AggregatedRoute => ({
      method,
      path,
      handler: () => {
        throw notImplemented(`${method} /apis/subresources.kubevirt.io/v1${path}`);
      },
    })),
  ];
  const group = 'subresources.kubevirt.io';
  return ['v1', 'v1alpha3'].map((served) => ({ group, version: served, resources, routes }));
}

/** What virt-api lists: addvolume and the like of virtualmachines, usbredir and vsock are not among it. */
const resources: AggregatedGroup['resources'] = [
  ...['start', 'stop', 'restart', 'migrate', 'evacuate/cancel'].map((action) =>
    entry('virtualmachines', action, 'update'),
  ),
  entry('virtualmachines', 'expand-spec', 'get'),
  entry('virtualmachines', 'objectgraph', 'get'),
  ...['addvolume', 'removevolume'].flatMap((action) => [
    entry('virtualmachineinstances', action, 'update'),
  ]),
  ...['pause', 'unpause', 'reset', 'softreboot', 'freeze', 'unfreeze', 'evacuate/cancel'].map(
    (action) => entry('virtualmachineinstances', action, 'update'),
  ),
  ...[
    ...['guestosinfo', 'userlist', 'filesystemlist', 'objectgraph', 'vnc', 'vnc/screenshot'],
    ...['console', 'portforward', 'sev/fetchcertchain', 'sev/querylaunchmeasurement'],
  ].map((action) => entry('virtualmachineinstances', action, 'get')),
  ...['sev/setupsession', 'sev/injectlaunchsecret'].map((action) =>
    entry('virtualmachineinstances', action, 'update'),
  ),
];

function entry(resource: string, action: string, verb: string) {
  return {
    name: `${resource}/${action}`,
    singularName: '',
    namespaced: true,
    kind: resource === 'virtualmachines' ? 'VirtualMachine' : 'VirtualMachineInstance',
    group: 'kubevirt.io',
    version: 'v1',
    verbs: [verb],
  };
}
