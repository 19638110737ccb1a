import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { microImage } from './microImage.ts';
import type { Program } from './program.ts';

export interface Files {
  /** To be removed by who asked for them. */
  folder: string;
  ova: string;
  ovf: string;
  vmdk: string;
}

/** The micro image as VMware would export it: a compressed VMDK, an OVF and a manifest, in a tar. */
export function appliance(program: Program, wrongDigest = false): Files {
  const folder = mkdtempSync(join(tmpdir(), 'virtdeck-ova-'));
  const image = microImage(program);
  const vmdk = join(folder, 'loom-disk1.vmdk');
  execFileSync('qemu-img', [
    ...['convert', '-O', 'vmdk', '-o', 'subformat=streamOptimized', image, vmdk],
  ]);
  const info = execFileSync('qemu-img', ['info', '--output=json', image]);
  const bytes = (JSON.parse(info.toString()) as { 'virtual-size': number })['virtual-size'];
  const ovf = join(folder, 'loom.ovf');
  writeFileSync(ovf, description(bytes));
  const sha = createHash('sha256').update(readFileSync(vmdk)).digest('hex');
  const digest = wrongDigest ? '0'.repeat(64) : sha;
  writeFileSync(join(folder, 'loom.mf'), `SHA256(loom-disk1.vmdk)= ${digest}\n`);
  const ova = join(folder, 'loom.ova');
  execFileSync('tar', [
    ...['--format=ustar', '-C', folder, '-cf', ova, 'loom.ovf', 'loom.mf', 'loom-disk1.vmdk'],
  ]);
  return { folder, ova, ovf, vmdk };
}

const description = (bytes: number) => `<?xml version="1.0"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData">
  <References><File ovf:href="loom-disk1.vmdk" ovf:id="file1"/></References>
  <DiskSection><Info>Disks</Info>
    <Disk ovf:capacity="${bytes}" ovf:diskId="vmdisk1" ovf:fileRef="file1"/>
    <Disk ovf:capacity="256" ovf:capacityAllocationUnits="byte * 2^20" ovf:diskId="vmdisk2"/>
  </DiskSection>
  <NetworkSection><Info>Networks</Info><Network ovf:name="VM Network"/></NetworkSection>
  <VirtualSystem ovf:id="loom"><Name>Loom Appliance</Name>
    <OperatingSystemSection ovf:id="101"><Description>Other Linux</Description></OperatingSystemSection>
    <VirtualHardwareSection>
      <Item><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>
      <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>192</rasd:VirtualQuantity></Item>
      <Item><rasd:ElementName>Hard disk 1</rasd:ElementName><rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource><rasd:ResourceType>17</rasd:ResourceType></Item>
      <Item><rasd:ElementName>Hard disk 2</rasd:ElementName><rasd:HostResource>ovf:/disk/vmdisk2</rasd:HostResource><rasd:ResourceType>17</rasd:ResourceType></Item>
      <Item><rasd:Connection>VM Network</rasd:Connection><rasd:ResourceSubType>E1000</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>`;
