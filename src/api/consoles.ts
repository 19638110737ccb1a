import type { VmRef } from '~/api/vms';
import { kubernetesRequest, webSocketUrl } from '~/console/http';
import { type Failure, ownFailure, toFailure } from '~/k8s/errors';
import { resourcePath, virtualMachineInstanceActions } from '~/k8s/models';

/** Streams of an instance; a port of the guest is one too. */
export type ConsoleKind = 'vnc' | 'console' | `portforward/${number}/tcp`;

/** The one sub-protocol of KubeVirt's streams: bytes in binary frames (pkg/virt-api/rest/streamer.go at d923fdb). */
export const streamProtocol = 'plain.kubevirt.io';

function path({ namespace, name }: VmRef, subresource: ConsoleKind): string {
  return resourcePath(virtualMachineInstanceActions, { namespace, name, subresource });
}

/**
 * Socket of the screen. There is one viewer: a new one ends the one before, unless `polite`; then
 * the server refuses while somebody else is there (KubeVirt pkg/virt-handler/rest/console.go).
 */
export function vncUrl(vmi: VmRef, { polite = false }: { polite?: boolean } = {}): string {
  return webSocketUrl(`${path(vmi, 'vnc')}${polite ? '?preserveSession=true' : ''}`);
}

/** Socket of the serial console; a new viewer ends the one before. */
export function serialUrl(vmi: VmRef): string {
  return webSocketUrl(path(vmi, 'console'));
}

/** Socket to a TCP port of the guest, as `virtctl port-forward` opens it; any number at a time. */
export function portUrl(vmi: VmRef, port: number): string {
  return webSocketUrl(path(vmi, `portforward/${port}/tcp`));
}

const refusedWithoutReason = ownFailure(
  'The console could not be opened',
  'The server accepts the request, but the connection does not come about. A proxy between the browser and the cluster may block WebSockets.',
);

/**
 * Why a console's socket did not open. A browser only tells "closed, 1006"; the server dials the
 * guest before it upgrades, so the same URL without an upgrade gives its reason. When that answer is
 * only a complaint about the missing upgrade, the server has nothing against it.
 */
export async function explainSocketFailure(
  vmi: VmRef,
  kind: ConsoleKind,
  { polite = false }: { polite?: boolean } = {},
): Promise<Failure> {
  try {
    await kubernetesRequest(`${path(vmi, kind)}${polite ? '?preserveSession=true' : ''}`);
    return refusedWithoutReason;
  } catch (error) {
    const failure = toFailure(error);
    return /upgrade|websocket/i.test(failure.detail) ? refusedWithoutReason : failure;
  }
}

/** Whether the server gave no reason: then the same attempt may well succeed a little later. */
export function isUnexplained(failure: Failure): boolean {
  return failure === refusedWithoutReason;
}

/** Whether a polite request was refused because somebody else looks at the screen. */
export function isInUse(failure: Failure): boolean {
  return failure.detail.includes('Active VNC connection');
}

/** Milliseconds until a server that says nothing is taken for gone. */
const patience = 10_000;

/** Whether the server can be reached at all; what it answers does not matter. */
export async function serverAnswers(): Promise<boolean> {
  try {
    await kubernetesRequest('/version', { signal: AbortSignal.timeout(patience) });
    return true;
  } catch (error) {
    return toFailure(error).status !== undefined;
  }
}
