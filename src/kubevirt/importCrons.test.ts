import { expect, test } from 'vitest';

import {
  type DataImportCron,
  isSchedule,
  replacement,
  toImportCronRow,
} from '~/kubevirt/importCrons';

const cron: DataImportCron = {
  metadata: {
    name: 'fedora-cron',
    namespace: 'images',
    labels: { a: 'b' },
    annotations: {
      mine: 'kept',
      'cdi.kubevirt.io/storage.import.nextCronTime': '2026-01-02T00:00:00Z',
    },
  },
  spec: {
    schedule: '0 3 * * *',
    managedDataSource: 'fedora',
    retentionPolicy: 'None',
    template: { spec: { source: { registry: { url: 'docker://quay.io/x' } } } },
  },
  status: {
    lastImportTimestamp: '2026-01-01T00:00:00Z',
    conditions: [{ type: 'UpToDate', status: 'False', message: 'Source digest changed' }],
  },
};

test('what the list shows of a cron', () => {
  expect(toImportCronRow(cron)).toEqual({
    ...{ namespace: 'images', name: 'fedora-cron', source: 'images/fedora' },
    ...{ schedule: '0 3 * * *', url: 'docker://quay.io/x', lastImport: '2026-01-01T00:00:00Z' },
    ...{ lastAsked: '', nextAsked: '2026-01-02T00:00:00Z', problem: 'Source digest changed' },
    ...{ takesImages: true, manager: '' },
  });
});

test('one that takes its place has another schedule, and is asked anew', () => {
  expect(replacement(cron, '0 4 * * *')).toEqual({
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataImportCron',
    metadata: {
      ...{ name: 'fedora-cron', namespace: 'images', labels: { a: 'b' } },
      annotations: { mine: 'kept' },
    },
    spec: { ...cron.spec, schedule: '0 4 * * *' },
  });
});

test('schedules have five fields', () => {
  for (const good of ['0 3 * * *', '*/15 1-4 * * 1,5', '0 3 1 JAN MON', ' 0  3 * * * ']) {
    expect(isSchedule(good), good).toBe(true);
  }
  for (const bad of ['', '@daily', '0 3 * *', 'every day', '0 3 * * * *']) {
    expect(isSchedule(bad), bad).toBe(false);
  }
});
