import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import type { BootSources } from '~/api/bootSources';
import type { InstanceTypes } from '~/api/instanceTypes';
import { originOf } from '~/kubevirt/create/origin';
import { LoadingState } from '~/ui/LoadingState';

import { BootSourceField } from '../BootSourceField';
import { withBootSource } from '../bootSourceDraft';
import { SecondaryNetwork } from './SecondaryNetwork';
import { SourceFields } from '../../forms/SourceFields';
import { applianceOpen } from '../appliance/applianceOpen';
import type { StepProps } from './StepProps';

// For those who begin with one.
const CopyFields = lazy(() =>
  import('./CopyFields').then((module) => ({ default: module.CopyFields })),
);
const TemplateFields = lazy(() =>
  import('./TemplateFields').then((module) => ({ default: module.TemplateFields })),
);

interface Props extends StepProps {
  sources: BootSources;
  types: InstanceTypes;
}

/** What the chosen origin asks for. */
export function OriginFields(props: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { draft, change, errorOf, sources, types } = props;
  const [root] = draft.disks;
  const step = { draft, change, errorOf };
  switch (originOf(draft)) {
    case 'vm':
    case 'vmSnapshot':
      return (
        <Suspense fallback={<LoadingState label={t('Loading')} rows={2} />}>
          <CopyFields {...step} />
        </Suspense>
      );
    case 'template':
      return (
        <Suspense fallback={<LoadingState label={t('Loading')} rows={2} />}>
          <TemplateFields {...step} />
        </Suspense>
      );
    case 'network':
      return <BootNetwork {...step} />;
    case 'dataSource': {
      const source = root?.source;
      if (source?.kind !== 'dataSource') return null;
      return (
        <BootSourceField
          sources={sources}
          value={`${source.namespace}/${source.name}`}
          error={errorOf('disk-0-source')}
          hasBlank={false}
          onChoose={(chosen) => change(withBootSource(draft, chosen, { sources, types }))}
        />
      );
    }
    default:
      return root ? (
        <SourceFields
          id="vd-root-source"
          disk={root}
          namespace={draft.namespace}
          vmName={draft.name}
          sources={sources}
          error={errorOf('disk-0-source')}
          onAppliance={applianceOpen}
          onChange={(disk) => change({ disks: [disk, ...draft.disks.slice(1)] })}
        />
      ) : null;
  }
}

function BootNetwork({ draft, change, errorOf }: StepProps) {
  const index = draft.nics.findIndex(({ bootOrder }) => bootOrder === 1);
  const nic = draft.nics[index];
  if (!nic) return null;
  return (
    <SecondaryNetwork
      id="vd-boot-network"
      namespace={draft.namespace}
      value={nic.network}
      error={errorOf(`nic-${index}-network`)}
      onChange={(network) =>
        change({
          nics: draft.nics.map((one, other) => (other === index ? { ...one, network } : one)),
        })
      }
    />
  );
}
