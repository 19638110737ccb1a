import {
  badRequest,
  deniedByWebhook,
  notImplemented,
  type StatusCause,
} from '../../apiserver/ApiError.ts';
import type { Admission, AdmissionContext } from '../../apiserver/ResourceDefinition.ts';
import { findNewest } from '../../client/findNewest.ts';
import { parseQuantity } from '../../quantity.ts';
import {
  type MigrationPolicy,
  names,
  type VirtualMachineInstanceMigration,
  virtualMachineInstanceMigrations,
  virtualMachineInstances,
} from '../resources.ts';
import { findCondition } from '../virt-controller/conditions.ts';
import { isControlPlane } from './isControlPlane.ts';

const createValidator = 'migration-create-validator.kubevirt.io';
const updateValidator = 'migration-update-validator.kubevirt.io';
const policyValidator = 'migration-policy-validator.kubevirt.io';

const isFinal = (phase: string | undefined) => phase === 'Succeeded' || phase === 'Failed';

/** virt-api's webhooks for migrations (ADM/migration-{create,update}-admitter.go, d923fdb). */
export const migrationAdmission: Admission<VirtualMachineInstanceMigration> = {
  mutate({ operation, object }) {
    if (operation !== 'CREATE') return;
    const { metadata, spec } = object;
    metadata.labels = { ...metadata.labels, [names.vmiName]: spec.vmiName ?? '' };
    const finalizers = metadata.finalizers ?? [];
    metadata.finalizers = [...new Set([...finalizers, names.migrationFinalizer])];
  },
  async validate(context) {
    if (context.operation === 'CREATE') return validateCreate(context);
    if (context.operation !== 'UPDATE' || context.subresource !== '') return;
    if (JSON.stringify(context.object.spec) !== JSON.stringify(context.oldObject.spec)) {
      throw deniedByWebhook(updateValidator, [
        {
          reason: 'FieldValueNotSupported',
          message: "update of Migration object's spec is restricted",
        },
      ]);
    }
    const label = (migration: VirtualMachineInstanceMigration) =>
      migration.metadata.labels?.[names.vmiName];
    if (!isControlPlane(context) && label(context.object) !== label(context.oldObject)) {
      throw deniedByWebhook(updateValidator, [
        {
          reason: 'FieldValueNotSupported',
          message: `modification of the migration selector label ${names.vmiName} is prohibited`,
        },
      ]);
    }
  },
};

async function validateCreate(
  context: AdmissionContext<VirtualMachineInstanceMigration> & { operation: 'CREATE' },
): Promise<void> {
  const { spec, metadata } = context.object;
  const causes: StatusCause[] = [];
  if (!spec.vmiName) {
    causes.push({
      reason: 'FieldValueRequired',
      field: 'spec.vmiName',
      message: 'vmiName is missing',
    });
  }
  if (spec.priority && !isControlPlane(context)) {
    causes.push({
      reason: 'FieldValueForbidden',
      field: 'spec.migrationPriority',
      message: 'migrationPriority can only be set by the virt-controller',
    });
  }
  if (causes.length > 0) throw deniedByWebhook(createValidator, causes);
  if (spec.sendTo) throw notImplemented('spec.sendTo');
  if (spec.receive) throw notImplemented('spec.receive');
  const key = { namespace: metadata.namespace ?? '', name: spec.vmiName ?? '' };
  const vmi = await findNewest(context.client, virtualMachineInstances, key);
  if (!vmi) throw refuse(`the VMI "${key.namespace}/${key.name}" does not exist`);
  if (isFinal(vmi.status?.phase)) throw refuse('Cannot migrate VMI in finalized state.');
  const migratable = findCondition(vmi.status?.conditions, 'LiveMigratable');
  if (migratable?.status === 'False') {
    throw refuse(
      `Cannot migrate VMI, Reason: ${migratable.reason ?? ''}, Message: ${migratable.message ?? ''}`,
    );
  }
  const { items } = await context.client.list(virtualMachineInstanceMigrations, {
    namespace: key.namespace,
  });
  const active = items.find(
    (other) => other.spec.vmiName === key.name && !isFinal(other.status?.phase),
  );
  if (active) {
    throw refuse(
      `in-flight migration detected. Active migration job (${active.metadata.uid}) is currently already in progress for VMI ${key.name}.`,
    );
  }
}

/** 400, in the form in which the API server passes on what a webhook said. */
const refuse = (why: string) =>
  badRequest(`admission webhook "${createValidator}" denied the request: ${why}`);

/** ADM/migrationpolicy-admitter.go (d923fdb). */
export const migrationPolicyAdmission: Admission<MigrationPolicy> = {
  validate({ operation, object, subresource }) {
    if (operation === 'DELETE' || subresource !== '') return;
    const { bandwidthPerMigration, completionTimeoutPerGiB } = object.spec;
    const negative = [
      ['spec.completionTimeoutPerGiB', completionTimeoutPerGiB ?? 0],
      ['spec.bandwidthPerMigration', parseQuantity(bandwidthPerMigration ?? '0') ?? 0],
    ] as const;
    const causes = negative.flatMap(([field, value]): StatusCause[] =>
      value < 0 ? [{ reason: 'FieldValueInvalid', field, message: 'must not be negative' }] : [],
    );
    if (causes.length > 0) throw deniedByWebhook(policyValidator, causes);
  },
};
