import type { GuestEvent } from './GuestRuntime.ts';

type Panic = Omit<Extract<GuestEvent, { type: 'panicked' }>, 'type'>;

/** What GUEST_PANICKED tells (qapi/run-state.json, GuestPanicInformation): Windows gives five numbers. */
export function panicOf(data: Record<string, unknown>): Panic {
  const info = data['info'] as { type?: string; arg1?: number } | undefined;
  return info?.type === 'hyper-v'
    ? { kind: 'hyper-v', code: info.arg1 ?? 0 }
    : { kind: 'pvpanic', code: 0 };
}
