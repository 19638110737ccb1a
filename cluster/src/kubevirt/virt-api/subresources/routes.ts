import { notImplemented } from '../../../apiserver/ApiError.ts';
import type { AggregatedGroup, AggregatedRoute } from '../../../apiserver/AggregatedGroup.ts';
import type { ApiHandler } from '../../../apiserver/ResourceDefinition.ts';
import { expandSpec, expandVmSpec } from './expandSpec.ts';
import { guestCommands } from './guestCommands.ts';
import { restart, start, stop } from './lifecycle.ts';
import { cancelEvacuation, migrate } from './migrate.ts';
import type { Guests } from './lookup.ts';
import { overWebSocket, screenshot, streams } from './streams.ts';

const vmPath = '/namespaces/:namespace/virtualmachines/:name';
const vmiPath = '/namespaces/:namespace/virtualmachineinstances/:name';

/** Routes that KubeVirt has and this cluster has not: they answer 501 with their name. */
const absent: [method: 'GET' | 'PUT', path: string][] = [
  ...['addvolume', 'removevolume', 'memorydump', 'removememorydump'].map(
    (action): ['PUT', string] => ['PUT', `${vmPath}/${action}`],
  ),
  ['GET', `${vmPath}/objectgraph`],
  ...['freeze', 'unfreeze', 'softreboot', 'addvolume', 'removevolume', 'backup'].map(
    (action): ['PUT', string] => ['PUT', `${vmiPath}/${action}`],
  ),
  ...['userlist', 'filesystemlist', 'objectgraph', 'usbredir', 'vsock'].map(
    (action): ['GET', string] => ['GET', `${vmiPath}/${action}`],
  ),
  ['GET', '/guestfs'],
];

/** The group subresources.kubevirt.io as virt-api serves it. */
export function subresourceGroup(guests: Guests, version: object): AggregatedGroup {
  const commands = guestCommands(guests);
  const { vnc, console, portForward } = streams(guests);
  const put = (path: string, handler: ApiHandler): AggregatedRoute => ({
    method: 'PUT',
    path,
    handler,
  });
  const stream = (path: string, prepare: typeof vnc): AggregatedRoute => ({
    method: 'WEBSOCKET',
    path,
    upgrade: overWebSocket(prepare),
  });
  const routes: AggregatedRoute[] = [
    put(`${vmPath}/start`, start),
    put(`${vmPath}/stop`, stop),
    put(`${vmPath}/restart`, restart),
    { method: 'GET', path: `${vmPath}/expand-spec`, handler: expandSpec },
    put('/namespaces/:namespace/expand-vm-spec', expandVmSpec),
    put(`${vmPath}/migrate`, migrate),
    put(`${vmPath}/evacuate/cancel`, cancelEvacuation),
    put(`${vmiPath}/evacuate/cancel`, cancelEvacuation),
    put(`${vmiPath}/pause`, commands.pause),
    put(`${vmiPath}/unpause`, commands.unpause),
    put(`${vmiPath}/reset`, commands.reset),
    { method: 'GET', path: `${vmiPath}/guestosinfo`, handler: commands.guestOsInfo },
    { method: 'GET', path: `${vmiPath}/vnc/screenshot`, handler: screenshot(guests) },
    stream(`${vmiPath}/vnc`, vnc),
    stream(`${vmiPath}/console`, console),
    ...[vmPath, vmiPath].flatMap((path) => [
      stream(`${path}/portforward/:port`, portForward),
      stream(`${path}/portforward/:port/:protocol`, portForward),
    ]),
    {
      method: 'GET',
      path: '/version',
      anyUser: true,
      handler: () => ({ code: 200, json: version }),
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
  return { group: 'subresources.kubevirt.io', version: 'v1', resources, routes };
}

const resources: AggregatedGroup['resources'] = [
  ...['start', 'stop', 'restart', 'migrate', 'evacuate/cancel'].map((action) =>
    entry('virtualmachines', action, 'update'),
  ),
  entry('virtualmachines', 'expand-spec', 'get'),
  ...['pause', 'unpause', 'reset', 'evacuate/cancel'].map((action) =>
    entry('virtualmachineinstances', action, 'update'),
  ),
  ...['guestosinfo', 'vnc', 'vnc/screenshot', 'console', 'portforward'].map((action) =>
    entry('virtualmachineinstances', action, 'get'),
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
