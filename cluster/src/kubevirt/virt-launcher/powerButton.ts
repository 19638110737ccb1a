import type { Qmp } from './Qmp.ts';

/** The I/O port of PM1_EN of the ICH9 (SeaBIOS and OVMF put its ACPI block at 0x600), and its bit PWRBTN_EN (ACPI 6.5, 4.8.4.1). */
const enablePort = '0x602';
const powerButtonEnabled = 0x0100;

/**
 * Does the guest's operating system listen to the ACPI power button? One that has not come so far, has no ACPI, or
 * is not there at all has not enabled it, and a press is lost. True also where QEMU does not tell.
 */
export async function hearsPowerButton(qmp: Qmp): Promise<boolean> {
  const line = { 'command-line': `i /hx ${enablePort}` };
  const said = String(await qmp.execute('human-monitor-command', line));
  const found = /=\s*0x([0-9a-f]+)/i.exec(said)?.[1];
  return found === undefined || (Number.parseInt(found, 16) & powerButtonEnabled) !== 0;
}
