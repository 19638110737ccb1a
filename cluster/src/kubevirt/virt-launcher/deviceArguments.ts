import type { DomainSpec } from './GuestRuntime.ts';
import { tpmArguments } from './swtpm.ts';
import { usbRedirectionArguments } from './UsbRedirection.ts';

/** Devices that a domain may have besides disks, interfaces and consoles. */
export function deviceArguments(spec: DomainSpec): string[] {
  const balloon = { driver: 'virtio-balloon-pci', id: 'balloon0', 'free-page-reporting': true };
  return [
    ...(spec.usbRedirection ? usbRedirectionArguments() : []),
    ...(spec.balloon === false ? [] : ['-device', JSON.stringify(balloon)]),
    ...(spec.watchdog
      ? ['-device', JSON.stringify({ driver: 'i6300esb', id: 'watchdog0', bus: 'pcie.0' })]
      : []),
    ...(spec.tpm ? tpmArguments() : []),
    ...(spec.sound ? soundArguments(spec.sound) : []),
  ];
}

function soundArguments(model: 'ich9' | 'ac97'): string[] {
  const audiodev = 'audio0';
  const device = (options: object) => ['-device', JSON.stringify(options)];
  return [
    ...['-audiodev', JSON.stringify({ driver: 'none', id: audiodev })],
    ...(model === 'ac97'
      ? device({ driver: 'AC97', id: 'sound0', audiodev })
      : [
          ...device({ driver: 'ich9-intel-hda', id: 'sound0' }),
          ...device({ driver: 'hda-duplex', audiodev }),
        ]),
  ];
}

/** The pointers of a domain with a screen. */
export function inputArguments({ inputs = [{ name: '0', bus: 'usb' }] }: DomainSpec): string[] {
  return inputs.flatMap(({ bus }, index) => {
    const id = `tablet${index}`;
    const device =
      bus === 'virtio'
        ? { driver: 'virtio-tablet-pci', id }
        : { driver: 'usb-tablet', id, bus: 'usb.0' };
    return ['-device', JSON.stringify(device)];
  });
}
