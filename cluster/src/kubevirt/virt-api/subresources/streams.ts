import type { Duplex } from 'node:stream';

import { createWebSocketStream, type WebSocket } from 'ws';

import { ApiError, badRequest, internal, RawReplyError } from '../../../apiserver/ApiError.ts';
import type {
  ApiHandler,
  ApiRequest,
  UpgradeHandler,
} from '../../../apiserver/ResourceDefinition.ts';
import { findCondition } from '../../virt-controller/conditions.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { getVmi, guestOf, type Guests, vmiConflict } from './lookup.ts';

/** Checks a request; what it gives opens the stream. A check alone disturbs no other viewer. */
type Prepare = (request: ApiRequest) => Promise<() => Promise<Duplex>>;

/** Consoles and port forwarding: KubeVirt pkg/virt-api/rest/{vnc,console,portforward,usbredir,vsock}.go (d923fdb). */
export function streams(guests: Guests) {
  const vnc: Prepare = async (request) => {
    const vmi = await getVmi(request);
    if (vmi.spec.domain.devices.autoattachGraphicsDevice === false) {
      throw badRequest('No graphics devices are present.');
    }
    if (vmi.status?.phase !== 'Running') throw badRequest('VMI is not running');
    const guest = guestOf(vmi, guests);
    const preserve = request.query.get('preserveSession') === 'true';
    return () => guest.openVnc(preserve);
  };

  const console: Prepare = async (request) => {
    const vmi = await getVmi(request);
    if (vmi.spec.domain.devices.autoattachSerialConsole === false) {
      throw badRequest('No serial consoles are present.');
    }
    if (vmi.status?.phase === 'Failed') {
      throw vmiConflict(vmi.metadata.name, 'VMI is in failed status');
    }
    if (vmi.status?.phase !== 'Running') throw badRequest('VMI is not running');
    const guest = guestOf(vmi, guests);
    return () => guest.openSerial();
  };

  const portForward: Prepare = async (request) => {
    const port = Number(request.params['port']);
    const protocol = request.params['protocol'] ?? 'tcp';
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw badRequest(`port must be 0 < x < 65536 but was ${request.params['port'] ?? ''}`);
    }
    if (protocol !== 'tcp') throw badRequest(`protocol ${protocol} is not supported here, use tcp`);
    const vmi = await getVmi(request);
    if (!vmi.status?.interfaces?.length) throw badRequest('no network interfaces are present');
    if (findCondition(vmi.status.conditions, 'Paused')?.status === 'True') {
      throw vmiConflict(vmi.metadata.name, 'VMI is paused');
    }
    const guest = guestOf(vmi, guests);
    return async () => {
      try {
        return await guest.openPort(port);
      } catch (error) {
        throw new Error(`dialing VM: ${messageOf(error)}`, { cause: error });
      }
    };
  };

  const usbRedirection: Prepare = async (request) => {
    const vmi = await getVmi(request);
    if (!vmi.spec.domain.devices.clientPassthrough) {
      throw vmiConflict(vmi.metadata.name, 'Not configured with USB Redirection');
    }
    if (vmi.status?.phase !== 'Running') throw badRequest('VMI is not running');
    const guest = guestOf(vmi, guests);
    return () => guest.openUsbRedirection();
  };

  /** No guest has the device: its feature gate is off, and virt-api refuses who asks for it. */
  const vsock: Prepare = async (request) => {
    await getVmi(request);
    throw badRequest('VSOCK is not attached.');
  };

  return { vnc, console, portForward, usbRedirection, vsock };
}

/**
 * The stream for a WebSocket, opened before the 101 so that a failure is an HTTP status. A plain GET is
 * only checked: it tells a browser why its WebSocket was refused, and must not displace a viewer. `begin` hears
 * of each stream that was opened; what it gives is called at the stream's end.
 */
export function overWebSocket(
  prepare: Prepare,
  begin: (request: ApiRequest) => () => void = () => () => undefined,
): UpgradeHandler {
  return async (request) => {
    const open = await prepare(request);
    // A plain GET asks why the stream would not open. KubeVirt dials the guest for it as well; here
    // that is done only where it takes the stream from nobody.
    const isPolite = request.query.get('preserveSession') === 'true';
    if (!request.isUpgrade && !isPolite) return () => undefined;
    try {
      if (!request.isUpgrade) {
        (await open()).destroy();
        return () => undefined;
      }
      return bridge(await open(), begin(request));
    } catch (error) {
      throw error instanceof ApiError ? error : internal(messageOf(error));
    }
  };
}

/** A PNG of the guest's screen. */
export function screenshot(guests: Guests): ApiHandler {
  return async (request) => {
    try {
      const guest = guestOf(await getVmi(request), guests);
      return { code: 200, bytes: await guest.screenshot(), contentType: 'image/png' };
    } catch (error) {
      throw new RawReplyError({ code: 500, text: messageOf(error) });
    }
  };
}

/** Splices a WebSocket and a byte stream, with back-pressure both ways; either end closes both. */
function bridge(stream: Duplex, ended: () => void): (socket: WebSocket) => void {
  stream.once('close', ended);
  return (socket) => {
    // Text frames are read and thrown away, as virt-handler does.
    const frames = createWebSocketStream(socket, { decodeStrings: true });
    const close = () => {
      stream.destroy();
      frames.destroy();
    };
    stream.on('error', close).on('close', close);
    frames.on('error', close).on('close', close);
    frames.pipe(stream);
    stream.pipe(frames);
  };
}
