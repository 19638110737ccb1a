import { Checkbox } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useNodeRows } from '~/api/nodes';
import { formatBytes } from '~/k8s/quantity';
import { type NodeRow, sumOf } from '~/kubevirt/create/nodeOffer';
import type { CustomCompute } from '~/kubevirt/create/vmDraft';
import { FieldGroup } from '~/ui/FieldGroup';

import { AmountField } from '../../forms/AmountField';
import { ChoiceField } from '~/ui/ChoiceField';
import { NumberField } from '~/ui/NumberField';

interface Props {
  compute: CustomCompute;
  errorOf: (field: string) => string | undefined;
  onChange: (compute: CustomCompute) => void;
}

const pageSizes = [
  { value: '2Mi', label: '2 MiB' },
  { value: '1Gi', label: '1 GiB' },
] as const;

/** How far a running guest can be grown, and what of a node it has for itself. */
export function HardwareFields({ compute, errorOf, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const nodes = useNodeRows();
  return (
    <>
      <div className="vd-field-row">
        <NumberField
          id="vd-max-sockets"
          label={t('Sockets at most')}
          help={t('So far it can be grown while it runs. Empty for what the cluster has.')}
          value={compute.maxSockets}
          error={errorOf('maxSockets')}
          onChange={(maxSockets) => onChange({ ...compute, maxSockets })}
        />
        <AmountField
          id="vd-max-memory"
          label={t('Memory at most')}
          isOptional
          help={t('So far it can be grown while it runs. Empty for what the cluster has.')}
          amount={compute.maxMemory ?? { value: undefined, unit: 'GiB' }}
          units={['MiB', 'GiB']}
          error={errorOf('maxMemory')}
          onChange={(most) =>
            onChange({ ...compute, maxMemory: most.value === undefined ? undefined : most })
          }
        />
        <ChoiceField
          id="vd-hugepages"
          label={t('Huge pages')}
          value={compute.hugepages}
          choices={[
            { value: '', label: t('None') },
            ...pageSizes.map(({ value, label }) => ({ value, label: pagesText(value, label) })),
          ]}
          onChange={(hugepages) => onChange({ ...compute, hugepages })}
        />
      </div>
      <FieldGroup
        label={t('CPU placement')}
        fieldId="vd-dedicated"
        help={dedicatedText(nodes)}
        error={undefined}
      >
        <Checkbox
          id="vd-dedicated"
          label={t('Dedicated CPUs')}
          description={t('Its CPUs are those of the node, shared with nobody.')}
          isChecked={compute.isDedicated}
          onChange={(_event, isDedicated) => onChange({ ...compute, isDedicated })}
        />
      </FieldGroup>
    </>
  );

  function pagesText(value: string, size: string): string {
    if (!nodes) return size;
    const bytes = sumOf(nodes, `hugepages-${value}`);
    return bytes === 0
      ? t('{{size}}: no node has them', { size })
      : t('{{size}}: the nodes have {{all}}', { size, all: formatBytes(bytes) });
  }

  function dedicatedText(all: readonly NodeRow[] | undefined): string | undefined {
    if (!all) return undefined;
    const number = all.filter(({ labels }) => labels['cpumanager'] === 'true').length;
    return t('{{number}} of {{all}} nodes can give CPUs away.', { number, all: all.length });
  }
}
