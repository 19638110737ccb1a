import { deniedByWebhook, type StatusCause } from '../../apiserver/ApiError.ts';
import type { Admission } from '../../apiserver/ResourceDefinition.ts';
import { checkSpec } from '../checkSpec.ts';
import type { DataImportCron } from '../resources.ts';
import { nextTime } from './cronSchedule.ts';

const webhook = 'dataimportcron-validate.cdi.kubevirt.io';
/** Of a DNS label: the name becomes the value of labels. */
const longestName = 63;

/** CDI's webhook for DataImportCrons (pkg/apiserver/webhooks/dataimportcron-validate.go, c07cdb6). */
export const dataImportCronAdmission: Admission<DataImportCron> = {
  validate(context) {
    if (context.operation === 'DELETE') return;
    const { metadata, spec } = context.object;
    refuseLongName(metadata.name);
    if (context.operation === 'CREATE') check(spec);
    else if (JSON.stringify(spec) !== JSON.stringify(context.oldObject.spec)) {
      throw denied('DataImportCron.Spec', 'Cannot update DataImportCron Spec');
    }
  },
};

function check(spec: DataImportCron['spec']): void {
  const { source, sourceRef, contentType, checkpoints, finalCheckpoint } = spec.template.spec;
  if (!source?.registry && !source?.pvc) throw denied('spec.Template', 'Missing source');
  if (sourceRef ?? (contentType || checkpoints?.length || finalCheckpoint)) {
    throw denied(
      'spec.Template',
      'Unsettable fields: SourceRef, ContentType, Checkpoints, FinalCheckpoint',
    );
  }
  checkSpec(spec.template.spec, denied);
  if (spec.schedule && nextTime(spec.schedule, 0) === undefined) {
    throw denied('spec.Schedule', 'Illegal cron schedule');
  }
  if ((spec.importsToKeep ?? 0) < 0) {
    throw denied('spec.ImportsToKeep', 'Illegal ImportsToKeep value');
  }
  if (!['Outdated', 'Never'].includes(spec.garbageCollect ?? 'Never')) {
    throw denied('spec.GarbageCollect', 'Illegal GarbageCollect value');
  }
  if (!spec.managedDataSource) {
    throw denied('spec.ManagedDataSource', 'Illegal ManagedDataSource value');
  }
  refuseLongName(spec.managedDataSource);
}

function refuseLongName(name: string): void {
  if (name.length > longestName) {
    throw denied('', `Name cannot be longer than ${longestName} characters`);
  }
}

function denied(field: string, message: string) {
  const cause: StatusCause = { reason: 'FieldValueInvalid', field, message };
  return deniedByWebhook(webhook, [cause]);
}
