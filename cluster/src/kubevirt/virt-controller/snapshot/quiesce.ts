import type { Guest } from '../../virt-launcher/GuestRuntime.ts';

/** The guest's file systems are let go by themselves after so long (KubeVirt's failure deadline). */
const freezeSeconds = 300;

const indications = {
  Online: 'VM is running during snapshot creation',
  Paused: 'VM is paused during snapshot creation',
  GuestAgent: 'Guest agent was active and attempted to quiesce the filesystem',
  NoGuestAgent: 'Guest agent was not active and the filesystem was not quiesced',
  QuiesceTimeout: 'The filesystem was not quiesced before the deadline',
  PartialSnapshot: 'Some volumes of the VM are not in the snapshot',
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
