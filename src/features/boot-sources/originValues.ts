/** Where an image comes from, as the form has it: what was typed for one kind stays for another. */
export interface OriginValues {
  kind: 'url' | 'cron' | 'upload' | 'claim' | 'vm' | 'snapshot';
  url: string;
  schedule: string;
  /** A VM, whose disk is chosen. */
  vm: string;
  /** Of a claim or a snapshot. */
  name: string;
}

/** Once a day, at an hour that not everybody takes. */
export const emptyOrigin: OriginValues = {
  ...{ kind: 'url', url: '', schedule: '35 3 * * *', vm: '', name: '' },
};
