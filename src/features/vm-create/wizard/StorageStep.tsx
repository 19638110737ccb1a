import { Button, Card, CardBody } from '@patternfly/react-core';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { useTranslation } from 'react-i18next';

import type { BootSources } from '~/api/bootSources';
import { useStorageFacts } from '~/api/storage';
import { diskDraft, freeName } from '~/kubevirt/create/vmDraft';

import { DiskFields } from '../../forms/DiskFields';
import { applianceOpen } from '../appliance/applianceOpen';
import type { StepProps } from './StepProps';

interface Props extends StepProps {
  sources: BootSources;
}

/** The disks, the one that the system is on first. */
export function StorageStep({ draft, change, errorOf, sources }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { disks } = draft;
  const storage = useStorageFacts();
  const add = () =>
    change({
      disks: [
        ...disks,
        diskDraft(
          freeName(
            'disk',
            disks.map(({ name }) => name),
          ),
          { kind: 'blank' },
        ),
      ],
    });
  return (
    <>
      {disks.length === 0 ? (
        <span className="vd-hint">{t('It will have no disk, and boot from the network.')}</span>
      ) : null}
      {disks.map((disk, index) => (
        // Disks have no identity but their place.
        <Card key={index} isCompact component="section" aria-label={disk.name}>
          <CardBody className="vd-device">
            <DiskFields
              prefix={`disk-${index}`}
              disk={disk}
              namespace={draft.namespace}
              vmName={draft.name}
              hasPreference={draft.preference !== undefined}
              sources={sources}
              storage={storage}
              errorOf={errorOf}
              onAppliance={applianceOpen}
              onChange={(next) =>
                change({ disks: disks.map((one, other) => (other === index ? next : one)) })
              }
            />
            <Button
              variant="link"
              isInline
              isDanger
              aria-label={t('Remove disk {{name}}', { name: disk.name })}
              onClick={() => change({ disks: disks.filter((_one, other) => other !== index) })}
            >
              {t('Remove')}
            </Button>
          </CardBody>
        </Card>
      ))}
      <div>
        <Button variant="link" isInline icon={<PlusCircleIcon />} onClick={add}>
          {t('Add disk')}
        </Button>
      </div>
    </>
  );
}
