import type { Guest } from '../../virt-launcher/GuestRuntime.ts';

/** The guest's file systems are let go by themselves after so long (KubeVirt's failure deadline). */
const freezeSeconds = 300;

/** KubeVirt's texts (pkg/storage/snapshot/snapshot.go, d923fdb). */
const indications = {
  Online: 'Snapshot taken while the VM was running. Consistency depends on guest-agent quiescing.',
  Paused:
    'Snapshot taken while the VM was paused. Snapshot is crash-consistent and may not be application-consistent.',
  GuestAgent:
    'Guest agent was active and attempted to quiesce the filesystem for application consistency.',
  NoGuestAgent:
    'Guest agent was not available. Snapshot is crash-consistent and may not be application-consistent.',
  QuiesceTimeout:
    'Guest agent quiesced the filesystem, but the freeze window timed out before completion. Snapshot is crash-consistent and may not be application-consistent.',
  PartialSnapshot:
    'Not all snapshotable volumes were included in the snapshot. Check status.snapshotVolumes for excluded volumes and VM VolumeSnapshotStatus for details.',
} as const;

export interface SourceIndication {
  indication: keyof typeof indications;
  message: string;
}

/** An indication with its text. */
export const indicationOf = (indication: keyof typeof indications): SourceIndication => ({
  indication,
  message: indications[indication],
});

const say = (...names: (keyof typeof indications)[]) => names.map(indicationOf);

/** Freezes the file systems of a guest that runs; gives what there is to say of it, with KubeVirt's words. */
export async function quiesce(guest: Guest | undefined): Promise<SourceIndication[]> {
  if (!guest) return [];
  if (guest.state === 'paused') return say('Online', 'Paused', 'NoGuestAgent');
  if (!guest.agent) return say('Online', 'NoGuestAgent');
  try {
    await guest.freeze(freezeSeconds);
    return say('Online', 'GuestAgent');
  } catch {
    // Told by the indication: the snapshot is as after a power cut.
    return say('Online', 'GuestAgent', 'QuiesceTimeout');
  }
}
