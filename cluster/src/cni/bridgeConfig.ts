import { messageOf } from '../client/messageOf.ts';
/** What a guest's interface gets from a network of CNI's type `bridge`. */
export interface BridgeNetwork {
  /** The bridge; all networks that name it and have the same VLAN are one segment. */
  bridge: string;
  /** 1 to 4094; absent: frames without a tag. */
  vlan?: number;
  /** Only frames from the interface's own hardware address pass. */
  macspoofchk: boolean;
}

/** A configuration that cannot be read, or that no plug-in of this cluster provides. */
export class NetworkConfigError extends Error {}

/** Plug-ins that are told from one another by their name. */
const bridgeTypes = ['bridge', 'cnv-bridge'];
/** In a list of plug-ins: it acts on the interface of the pod, which guests do not see. */
const withoutEffect = ['tuning', 'cnv-tuning'];

/** A name for the interface that Linux would take (IFNAMSIZ), as a bridge has one. */
const bridgeName = /^[^\s/:]{1,15}$/;

interface Plugin {
  type?: unknown;
  bridge?: unknown;
  vlan?: unknown;
  macspoofchk?: unknown;
  ipam?: unknown;
}

/**
 * Reads `spec.config` of a NetworkAttachmentDefinition: a CNI configuration or a list of them
 * (containernetworking.github.io/cni, containernetworking/plugins/plugins/main/bridge). Throws
 * NetworkConfigError with the text of Multus or of the plug-in.
 */
export function parseBridgeConfig(config: string): BridgeNetwork {
  const [main, ...others] = pluginsOf(config);
  if (!main) throw new NetworkConfigError('error parsing configuration list: no plugins in list');
  for (const plugin of [main, ...others]) requireProvided(plugin);
  const { bridge = 'cni0', vlan = 0, macspoofchk = false } = main;
  if (typeof bridge !== 'string' || !bridgeName.test(bridge))
    throw new NetworkConfigError(`invalid bridge name ${JSON.stringify(bridge)}`);
  if (typeof vlan !== 'number' || !Number.isInteger(vlan) || vlan < 0 || vlan > 4094) {
    const text = `invalid VLAN ID ${JSON.stringify(vlan)} (must be between 0 and 4094)`;
    throw new NetworkConfigError(text);
  }
  return { bridge, macspoofchk: macspoofchk === true, ...(vlan > 0 && { vlan }) };
}

/** Name of the segment on which the interfaces of a network meet. */
export const segmentName = ({ bridge, vlan }: BridgeNetwork) =>
  vlan === undefined ? bridge : `${bridge}.${vlan}`;

/** The plug-ins that a configuration names, in their order. Throws NetworkConfigError when it is no JSON object. */
export function pluginsOf(config: string): Plugin[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(config);
  } catch (error) {
    const reason = messageOf(error);
    throw new NetworkConfigError(`error parsing configuration: ${reason}`);
  }
  if (!isObject(parsed)) throw new NetworkConfigError('error parsing configuration: no object');
  const { plugins } = parsed;
  if (plugins === undefined) return [parsed];
  if (!Array.isArray(plugins) || !plugins.every(isObject)) {
    const text = `error parsing configuration list: invalid 'plugins' type`;
    throw new NetworkConfigError(text);
  }
  return plugins;
}

function requireProvided({ type, ipam }: Plugin): void {
  if (typeof type !== 'string' || type === '')
    throw new NetworkConfigError(`error parsing configuration: missing 'type'`);
  if (withoutEffect.includes(type)) return;
  if (!bridgeTypes.includes(type)) throw missing(type);
  // Addresses are the guests' own affair here, as on most clusters that run virtual machines.
  const addresses = isObject(ipam) ? ipam['type'] : undefined;
  if (typeof addresses === 'string' && addresses !== '') throw missing(addresses);
}

const missing = (plugin: string) =>
  new NetworkConfigError(`failed to find plugin "${plugin}" in path [/opt/cni/bin]`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
