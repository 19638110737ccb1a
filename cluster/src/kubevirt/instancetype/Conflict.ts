/** A field of a VM that its instance type sets as well. */
export interface Conflict {
  /** `spec.template.spec.domain.cpu.sockets`, with the misspellings that KubeVirt has. */
  field: string;
  message: string;
}

/** KubeVirt pkg/instancetype/conflict/conflicts.go, d923fdb. */
export const conflictAt = (field: string): Conflict => ({
  field,
  message: `VM field(s) ${field} conflicts with selected instance type`,
});

export const fieldsOf = (conflicts: readonly Conflict[]) =>
  conflicts.map(({ field }) => field).join(', ');
