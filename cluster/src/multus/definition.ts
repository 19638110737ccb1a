import { deniedByWebhook } from '../apiserver/ApiError.ts';
import { ageColumn } from '../apiserver/printing/ageColumn.ts';
import type { ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { NetworkConfigError, parseBridgeConfig, pluginsOf } from '../cni/bridgeConfig.ts';
import { networkAttachments, type NetworkAttachmentDefinition } from './resources.ts';

const webhook = 'net-attach-def-admission-controller-validating-config.k8s.io';

/** The kind of Multus' networks; a configuration that is no JSON is refused, one for other plug-ins kept. */
export const networkAttachmentDefinition: ResourceDefinition<NetworkAttachmentDefinition> = {
  group: networkAttachments.group,
  versions: [{ name: networkAttachments.version }],
  kind: networkAttachments.kind,
  plural: networkAttachments.plural,
  singular: 'network-attachment-definition',
  shortNames: ['net-attach-def'],
  namespaced: true,
  columns: [ageColumn],
  schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          config: { type: 'string', description: 'A CNI configuration in JSON' },
        },
      },
    },
  },
  admission: {
    validate(context) {
      if (context.operation === 'DELETE') return;
      const config = context.object.spec?.config ?? '';
      const field = 'spec.config';
      if (config === '') {
        context.warn('spec.config is empty: no guest can use this network');
        return;
      }
      try {
        pluginsOf(config);
      } catch (error) {
        throw refusal(field, error);
      }
      try {
        parseBridgeConfig(config);
      } catch (error) {
        if (!(error instanceof NetworkConfigError)) throw error;
        context.warn(`no guest can use this network: ${error.message}`);
      }
    },
  },
};

function refusal(field: string, error: unknown): unknown {
  if (!(error instanceof NetworkConfigError)) return error;
  return deniedByWebhook(webhook, [{ reason: 'FieldValueInvalid', field, message: error.message }]);
}
