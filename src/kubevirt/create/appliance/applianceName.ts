export const hasEnding = (ending: string) => (file: { name: string }) =>
  file.name.toLowerCase().endsWith(ending);

/** Whether files are a virtual appliance by their names: an OVA, or an OVF with its disks. */
export function isAppliance(files: readonly { name: string }[]): boolean {
  return files.some((file) => hasEnding('.ova')(file) || hasEnding('.ovf')(file));
}
