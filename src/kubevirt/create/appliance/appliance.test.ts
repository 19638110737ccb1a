import { describe, expect, test } from 'vitest';

import { applianceDraft, dnsName } from '~/kubevirt/create/appliance/applianceDraft';
import { type Appliance, openAppliance } from '~/kubevirt/create/appliance/openAppliance';
import { readOvf, unitBytes } from '~/kubevirt/create/appliance/readOvf';
import { readTar } from '~/kubevirt/create/appliance/readTar';
import { readXml } from '~/kubevirt/create/appliance/readXml';
import { tarHeader, tarOf } from '~/kubevirt/create/appliance/tarOf';
import { draftProblems } from '~/kubevirt/create/draftProblems';
import { draftVm } from '~/kubevirt/create/draftVm';
import { newDraft } from '~/kubevirt/create/vmDraft';

/** As VMware writes it, shortened. */
const vmware = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Generated -->
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="r" xmlns:vmw="v">
  <References>
    <File ovf:href="web-disk1.vmdk" ovf:id="file1" ovf:size="4"/>
    <File ovf:href="web-disk2.vmdk.gz" ovf:id="file2" ovf:compression="gzip" ovf:chunkSize="3"/>
  </References>
  <DiskSection><Info>Disks</Info>
    <Disk ovf:capacity="16" ovf:capacityAllocationUnits="byte * 2^30" ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:format="http://x?a=1&amp;b"/>
    <Disk ovf:capacity="1048576" ovf:diskId="vmdisk2" ovf:fileRef="file2"/>
    <Disk ovf:capacity="5" ovf:capacityAllocationUnits="GigaBytes" ovf:diskId="vmdisk3"/>
  </DiskSection>
  <NetworkSection><Network ovf:name="VM Network"/></NetworkSection>
  <VirtualSystem ovf:id="vm">
    <Name>Web &quot;Server&quot; (1)</Name>
    <OperatingSystemSection ovf:id="101" vmw:osType="debian11_64Guest"><Description>Debian 11</Description></OperatingSystemSection>
    <ProductSection><Product>Shop</Product><Version>2.1</Version></ProductSection>
    <VirtualHardwareSection>
      <Item><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>4</rasd:VirtualQuantity><vmw:CoresPerSocket ovf:required="false">2</vmw:CoresPerSocket></Item>
      <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>3072</rasd:VirtualQuantity></Item>
      <Item><rasd:ElementName>Hard disk 1</rasd:ElementName><rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource><rasd:ResourceType>17</rasd:ResourceType></Item>
      <Item><rasd:HostResource>ovf:/disk/vmdisk2</rasd:HostResource><rasd:ResourceType>17</rasd:ResourceType></Item>
      <Item><rasd:HostResource>ovf:/disk/vmdisk3</rasd:HostResource><rasd:ResourceType>17</rasd:ResourceType></Item>
      <Item><rasd:Connection>VM Network</rasd:Connection><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>
      <Item><rasd:Connection>VM Network</rasd:Connection><rasd:ResourceType>10</rasd:ResourceType></Item>
      <Item><rasd:Connection>Backup</rasd:Connection><rasd:ResourceType>10</rasd:ResourceType></Item>
      <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="efi"/>
      <vmw:Config vmw:key="bootOptions.efiSecureBootEnabled" vmw:value="true"/>
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>`;

const disk1 = 'vmdk';
const digest = 'a'.repeat(64);
const files = [
  ['web.ovf', vmware],
  ['web.mf', `SHA1(web.ovf)= 00\nSHA256(web-disk1.vmdk)= ${digest}\n`],
  ['web-disk1.vmdk', disk1],
  ['web-disk2.vmdk.gz.000000000', 'abc'],
  ['web-disk2.vmdk.gz.000000001', 'de'],
] as const;

const ova = (content: Blob) => [{ name: 'web.OVA', content }];

describe('an OVA', () => {
  test('is opened with all that its OVF says', async () => {
    const appliance = await openAppliance(ova(tarOf(files)));
    expect(appliance).toMatchObject({
      ...{ name: 'Web "Server" (1)', description: 'Shop 2.1', system: 'Debian 11' },
      ...{ isWindows: false, cpus: 4, coresPerSocket: 2, memoryBytes: 3 * 2 ** 30 },
      ...{ firmware: 'SecureBoot', others: [] },
    });
    expect(appliance.disks.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['Hard disk 1', 16 * 2 ** 30],
      ['disk 2', 2 ** 20],
      ['disk 3', 5 * 2 ** 30],
    ]);
    const texts = appliance.disks.map(
      ({ content }) => content?.text() ?? Promise.resolve(undefined),
    );
    expect(await Promise.all(texts)).toEqual([disk1, 'abcde', undefined]);
    expect(appliance.disks.map(({ sha256 }) => sha256)).toEqual([digest, undefined, undefined]);
  });

  test('is the same as its files one by one', async () => {
    const loose = files.map(([name, content]) => ({ name, content: new Blob([content]) }));
    expect(await openAppliance(loose)).toMatchObject({ cpus: 4, memoryBytes: 3 * 2 ** 30 });
  });

  test.each([
    ['noTar', ova(new Blob(['x'.repeat(2000)]))],
    ['noTar', ova(new Blob([]))],
    ['noOvf', ova(tarOf([['readme', 'x']]))],
    ['noXml', ova(tarOf([['web.ovf', '<Envelope><a></Envelope>']]))],
    ['noSystem', ova(tarOf([['web.ovf', '<Envelope/>']]))],
    ['missingFile', ova(tarOf([['web.ovf', vmware]]))],
    ['cut', ova(tarOf(files).slice(0, tarOf(files).size - 2000))],
    ['parent', ova(tarOf([['w.ovf', vmware.replace('ovf:capacity="5"', 'ovf:parentRef="a"')]]))],
    ['compression', ova(tarOf([['w.ovf', vmware.replace('"gzip"', '"bzip2"')]]))],
  ])('says what is wrong with it: %s', async (mistake, chosen) => {
    await expect(openAppliance(chosen)).rejects.toMatchObject({ mistake });
  });
});

test('tar: long names and large files as GNU and pax write them', async () => {
  const long = `${'folder/'.repeat(20)}disk.vmdk`;
  const pad = (text: string) => new Blob([text, new Uint8Array((512 - (text.length % 512)) % 512)]);
  const record = `path=${long}\n`;
  const pax = `${record.length + 4} ${record}`;
  const archive = new Blob([
    ...[tarHeader('././@LongLink', long.length, 'L'), pad(long)],
    ...[tarHeader('cut', 3), pad('one')],
    ...[tarHeader('PaxHeaders', pax.length, 'x'), pad(pax)],
    ...[tarHeader('cut', 3), pad('two'), tarHeader('folder', 0, '5')],
    new Uint8Array(1024),
  ]);
  const found = await readTar(archive);
  expect(found.map(({ name, bytes }) => [name, bytes])).toEqual([
    [long, 3],
    [long, 3],
  ]);
  const { from = 0 } = found[1] ?? {};
  expect(await archive.slice(from, from + 3).text()).toBe('two');
  // Nothing of 9 GiB is there, which a length in octal digits cannot say.
  await expect(readTar(new Blob([tarHeader('large', 9 * 2 ** 30)]))).rejects.toMatchObject({
    mistake: 'cut',
    about: 'large',
  });
});

test('OVF of VirtualBox and of version 0.9', () => {
  const box = vmware
    .replace(/<vmw:Config [^>]*>/g, '')
    .replace(
      '</VirtualSystem>',
      '<vbox:Machine><Firmware type="EFI64"/></vbox:Machine></VirtualSystem>',
    )
    .replace(/<(\/?)Item>/g, '<$1StorageItem>');
  expect(readOvf(box)).toMatchObject({ firmware: 'UEFI', cpus: 4 });
  const old = `<Envelope><Section xsi:type="ovf:DiskSection_Type"><Disk diskId="d" capacity="7"/></Section>
    <Content ovf:id="old" xsi:type="ovf:VirtualSystem_Type"><Section xsi:type="ovf:VirtualHardwareSection_Type">
    <Item><rasd:ResourceType>17</rasd:ResourceType><rasd:HostResource>disk/d</rasd:HostResource></Item>
    </Section></Content></Envelope>`;
  expect(readOvf(old)).toMatchObject({ name: 'old', disks: [{ bytes: 7, file: undefined }] });
});

test('units and XML', () => {
  expect(['byte * 2^20', 'byte*1024*1024', 'MegaBytes', 'byte', ''].map(unitBytes)).toEqual([
    ...[2 ** 20, 2 ** 20, 2 ** 20, 1, 1],
  ]);
  const root = readXml(
    `<a x='1>2'><!-- <b> --><c:b y="&#65;&#x42;"><![CDATA[<d>]]>&amp;</c:b></a>`,
  );
  expect(root).toMatchObject({
    attributes: { x: '1>2' },
    children: [{ name: 'b', attributes: { y: 'AB' }, text: '<d>&' }],
  });
  for (const bad of ['', 'text', '<a>', '<a></b>', '<a/><b/>', '<a/>x']) {
    expect(readXml(bad), bad).toBeUndefined();
  }
});

test('an appliance becomes a draft that has nothing to mend', async () => {
  const appliance: Appliance = await openAppliance(ova(tarOf(files)));
  const draft = applianceDraft(newDraft('', 'shop'), appliance, {
    storageClasses: ['fast', '', ''],
    volumes: ['web-rootdisk-1', 'web-disk-2-1', ''],
    networks: { 'VM Network': 'pod', Backup: 'default/backup' },
    devices: 'virtio',
  });
  expect(draftProblems(draft)).toEqual([]);
  expect(draft.name).toBe('web-server-1');
  const { spec } = draftVm(draft, draft.name);
  expect(spec.template.spec?.domain.cpu).toEqual({ sockets: 2, cores: 2, threads: 1 });
  expect(spec.template.spec?.networks).toEqual([
    { name: 'nic-1', pod: {} },
    { name: 'nic-3', multus: { networkName: 'default/backup' } },
  ]);
  expect(spec.template.spec?.volumes?.slice(0, 2)).toEqual([
    { name: 'rootdisk', dataVolume: { name: 'web-rootdisk-1' } },
    { name: 'disk-2', dataVolume: { name: 'web-disk-2-1' } },
  ]);
  expect(spec.dataVolumeTemplates).toMatchObject([{ metadata: { name: 'web-server-1-disk-3' } }]);
});

test('names for the cluster', () => {
  expect(dnsName('Ünïcode!! Server_2', 'x')).toBe('n-code-server-2');
  expect(dnsName('***', 'x')).toBe('x');
  expect(dnsName('a'.repeat(49) + ' b', 'x')).toBe('a'.repeat(49));
});
