import { toBytes } from '~/kubevirt/create/amount';
import { type DraftDisk, type DraftSource, isMade } from '~/kubevirt/create/vmDraft';
import { nameMistake, nameTexts } from '~/kubevirt/vmName';

/** What keeps a disk from being made, and its field: `name`, `source` or `size`. The text is an i18n key. */
export interface DiskProblem {
  field: 'name' | 'source' | 'size';
  text: string;
  /** Nothing was given as yet. */
  isMissing?: true;
}

const texts = {
  sameName: 'Another one has this name.',
  sourceName: 'Choose where the disk comes from.',
  url: 'Give an address that begins with http:// or https://.',
  registry: 'Give an address that begins with docker://.',
  image: 'Give the name of an image.',
  size: 'Give a size above 0.',
} as const;

/** What can be seen of a disk without the server; `others` are the names that it may not have. */
export function diskProblems(disk: DraftDisk, others: readonly string[]): DiskProblem[] {
  const mistake = nameMistake(disk.name);
  const source = sourceMistake(disk.source);
  const found: (DiskProblem | false)[] = [
    mistake !== undefined && { field: 'name', text: nameTexts[mistake] },
    mistake === undefined && others.includes(disk.name) && { field: 'name', text: texts.sameName },
    source !== undefined && {
      ...{ field: 'source', text: source },
      ...(isEmptySource(disk.source) && { isMissing: true }),
    },
    isMade(disk) && toBytes(disk.size) <= 0 && { field: 'size', text: texts.size },
  ];
  return found.filter((one) => one !== false);
}

function sourceMistake(source: DraftSource): string | undefined {
  switch (source.kind) {
    case 'blank':
    case 'none':
      return undefined;
    case 'url':
      return /^https?:\/\/[^/\s]+/.test(source.url) ? undefined : texts.url;
    case 'registry':
      return /^docker:\/\/\S+/.test(source.url) ? undefined : texts.registry;
    case 'containerDisk':
      return /^\S+$/.test(source.image) ? undefined : texts.image;
    default:
      return source.name === '' ? texts.sourceName : undefined;
  }
}

function isEmptySource(source: DraftSource): boolean {
  return Object.values(source).includes('');
}
