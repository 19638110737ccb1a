/** What went over one interface, as its guest sees it, since it was connected. */
export interface PortCounters {
  received: Traffic;
  transmitted: Traffic;
}

export interface Traffic {
  bytes: number;
  packets: number;
  errors: number;
  dropped: number;
}

/** Starts at 0. */
const noTraffic = (): Traffic => ({ bytes: 0, packets: 0, errors: 0, dropped: 0 });

export const noCounters = (): PortCounters => ({
  received: noTraffic(),
  transmitted: noTraffic(),
});
