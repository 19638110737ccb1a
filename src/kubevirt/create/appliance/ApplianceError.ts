/** Why files are no virtual appliance that can be read; each is an i18n key. */
export const applianceMistakes = {
  noTar: 'This is no OVA: it is not a tar archive.',
  cut: 'The archive ends in the middle of a file. It may not have been copied whole.',
  noOvf: 'There is no OVF file in it, which describes the virtual machine.',
  noXml: 'The OVF file is no XML that can be read.',
  noSystem: 'The OVF file describes no virtual machine.',
  missingFile: 'A file that the OVF file names is missing: choose it along.',
  parent: 'A disk of it builds on another one, which cannot be read.',
  compression: 'A disk of it is packed in a way that cannot be read.',
  tooLarge: 'The OVF file is too large to be one.',
} as const;

/** Files that are no virtual appliance, or not all of one. `about` names the file, or says more. */
export class ApplianceError extends Error {
  constructor(
    readonly mistake: keyof typeof applianceMistakes,
    readonly about = '',
  ) {
    super(applianceMistakes[mistake]);
    this.name = 'ApplianceError';
  }
}
