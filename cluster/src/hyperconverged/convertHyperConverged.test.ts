import { expect, it } from 'vitest';

import { convertHyperConverged } from './convertHyperConverged.ts';

const metadata = {
  name: 'kubevirt-hyperconverged',
  uid: '1',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
};
const kind = 'HyperConverged';

const grouped = {
  apiVersion: 'hco.kubevirt.io/v1',
  kind,
  metadata,
  spec: {
    featureGates: [{ name: 'objectGraph' }, { name: 'template', state: 'Disabled' }],
    virtualization: {
      liveMigrationConfig: { parallelMigrationsPerCluster: 2 },
      vmiCPUAllocationRatio: 4,
      virtualMachineOptions: { defaultCPUModel: 'Penryn', disableSerialConsoleLog: true },
    },
    storage: { vmStateStorageClass: 'fast' },
    workloadSources: { enableCommonBootImageImport: false },
    deployment: { nodePlacements: { infra: { nodeSelector: { rack: 'a' } } } },
    unknown: { kept: true },
  },
  status: { systemHealthStatus: 'healthy' },
};

const flat = {
  apiVersion: 'hco.kubevirt.io/v1beta1',
  kind,
  metadata,
  spec: {
    featureGates: { objectGraph: true, template: false },
    liveMigrationConfig: { parallelMigrationsPerCluster: 2 },
    resourceRequirements: { vmiCPUAllocationRatio: 4 },
    defaultCPUModel: 'Penryn',
    virtualMachineOptions: { disableSerialConsoleLog: true },
    vmStateStorageClass: 'fast',
    enableCommonBootImageImport: false,
    infra: { nodePlacement: { nodeSelector: { rack: 'a' } } },
    unknown: { kept: true },
  },
  status: { systemHealthStatus: 'healthy' },
};

it('puts the settings of v1 where v1beta1 has them, and back', () => {
  expect(convertHyperConverged(grouped, flat.apiVersion)).toEqual(flat);
  expect(convertHyperConverged(flat, grouped.apiVersion)).toEqual(grouped);
});

it('leaves the object that it converts as it is', () => {
  const before = structuredClone(flat);
  convertHyperConverged(flat, grouped.apiVersion);
  expect(flat).toEqual(before);
});
