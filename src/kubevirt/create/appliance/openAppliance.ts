import { ApplianceError } from '~/kubevirt/create/appliance/ApplianceError';
import { hasEnding } from '~/kubevirt/create/appliance/applianceName';
import { type Ovf, type OvfDisk, readOvf } from '~/kubevirt/create/appliance/readOvf';
import { readTar } from '~/kubevirt/create/appliance/readTar';

/** A file by its name; `content` is not read before it is needed. */
export interface NamedBlob {
  name: string;
  content: Blob;
}

/** A file in an archive, or a chosen one. */
interface FoundFile extends NamedBlob {
  /** Where it begins in what was chosen. */
  from: number;
}

export interface ApplianceDisk extends OvfDisk {
  /** The image, where it lies in the chosen files; undefined for an empty disk. */
  content: Blob | undefined;
  /** Where it begins in the chosen file; undefined when it is in several, or nowhere. */
  from: number | undefined;
  /** SHA-256 that the manifest gives, in hexadecimal digits. */
  sha256: string | undefined;
}

/** A virtual appliance in files of this computer. */
export interface Appliance extends Omit<Ovf, 'disks'> {
  disks: readonly ApplianceDisk[];
}

/** An OVF with all its texts has some hundred kilobytes. */
const maxOvfBytes = 16 * 2 ** 20;

const baseName = (name: string) => name.replace(/^.*\//, '');

/** The files of an OVA, or the given ones. */
async function filesOf(chosen: readonly NamedBlob[]): Promise<readonly FoundFile[]> {
  const archive = chosen.find(hasEnding('.ova'));
  if (!archive) return chosen.map((file) => ({ ...file, from: 0 }));
  const files = await readTar(archive.content);
  return files.map(({ name, from, bytes }) => ({
    ...{ name, from },
    content: archive.content.slice(from, from + bytes),
  }));
}

/** `SHA256(disk1.vmdk)= 2c26b4...`, a line for each file. */
function digestsOf(manifest: string): ReadonlyMap<string, string> {
  return new Map(
    [...manifest.matchAll(/^SHA256\s*\(([^)]+)\)\s*=\s*([\da-f]{64})\s*$/gim)].map(
      ([, name = '', digest = '']) => [baseName(name), digest.toLowerCase()] as const,
    ),
  );
}

/**
 * Opens an OVA, or an OVF with the files that it names. Only headers, the OVF and its manifest are read,
 * whatever the size of the disks. Rejects with an ApplianceError.
 */
export async function openAppliance(chosen: readonly NamedBlob[]): Promise<Appliance> {
  const files = await filesOf(chosen);
  const description = files.find(hasEnding('.ovf'));
  if (!description) throw new ApplianceError('noOvf');
  if (description.content.size > maxOvfBytes) {
    throw new ApplianceError('tooLarge', description.name);
  }
  const manifest = files.find(hasEnding('.mf'));
  const digests = digestsOf(
    manifest && manifest.content.size < maxOvfBytes ? await manifest.content.text() : '',
  );
  const ovf = readOvf(await description.content.text());
  const named = (name: string) => files.find((file) => baseName(file.name) === baseName(name));
  return {
    ...ovf,
    disks: ovf.disks.map((disk) => ({
      ...disk,
      ...contentOf(disk, named),
      sha256: disk.file && digests.get(baseName(disk.file.name)),
    })),
  };
}

function contentOf(
  { file }: OvfDisk,
  named: (name: string) => FoundFile | undefined,
): Pick<ApplianceDisk, 'content' | 'from'> {
  if (!file) return { content: undefined, from: undefined };
  const whole = named(file.name);
  if (whole) return { content: whole.content, from: whole.from };
  // Parts are one after the other, without being read.
  const parts: Blob[] = [];
  while (file.chunkBytes !== undefined) {
    const part = named(`${file.name}.${String(parts.length).padStart(9, '0')}`);
    if (!part) break;
    parts.push(part.content);
  }
  if (parts.length === 0) throw new ApplianceError('missingFile', file.name);
  return { content: new Blob(parts), from: undefined };
}
