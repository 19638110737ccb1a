import type { PodNetwork } from './pod-network/PodNetwork.ts';
import type { Segments } from './Segments.ts';

/** What guests are connected by. */
export interface GuestNetworks {
  /** Layer-2 networks between guests, those of Multus. */
  segments: Segments;
  /** What guests reach of one another and of services without a network of their own. */
  podNetwork: PodNetwork;
}
