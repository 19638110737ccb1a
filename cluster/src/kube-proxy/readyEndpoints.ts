import type { EndpointSlice, ObjectReference, ServicePort } from '../client/resources.ts';

export interface ReadyEndpoint {
  address: string;
  port: number;
  /** What is behind it, a pod mostly. */
  target: ObjectReference | undefined;
}

/** The endpoints behind a port of the service whose slices these are, those that are ready. */
export function readyEndpoints(
  slices: readonly EndpointSlice[],
  { name = '', protocol = 'TCP' }: Pick<ServicePort, 'name' | 'protocol'>,
): ReadyEndpoint[] {
  return slices.flatMap((slice) => {
    const port = (slice.ports ?? []).find(
      (one) => (one.name ?? '') === name && (one.protocol ?? 'TCP') === protocol,
    )?.port;
    if (port === undefined || slice.addressType !== 'IPv4') return [];
    return slice.endpoints
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses, targetRef }) =>
        addresses.map((address) => ({ address, port, target: targetRef })),
      );
  });
}
