import { useTranslation } from 'react-i18next';

import { configMaps, persistentVolumeClaims, secrets, volumeSnapshots } from '~/k8s/models';
import type { DraftDisk, DraftSource } from '~/kubevirt/create/vmDraft';

import type { BootSources } from '~/api/bootSources';
import { ChoiceField } from '~/ui/ChoiceField';
import { NamedChoice } from './NamedChoice';
import { TextField } from '~/ui/TextField';
import { UploadField } from './UploadField';

interface Props {
  id: string;
  disk: DraftDisk;
  /** Of the VM as it is typed; part of the names of what is uploaded. */
  vmName: string;
  /** The VM's project. */
  namespace: string;
  sources: BootSources;
  error: string | undefined;
  onAppliance: ((files: readonly File[]) => void) | undefined;
  onChange: (disk: DraftDisk) => void;
}

const models = { claim: persistentVolumeClaims, configMap: configMaps, secret: secrets };

/** What a source of its kind asks for: a name, an address. */
export function SourceFields(props: Props) {
  const { id, disk, namespace, vmName, sources, error } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const { source } = disk;
  const titles = { claim: t('Volume'), configMap: t('Config map'), secret: t('Secret') };
  const onChange = (next: DraftSource) => props.onChange({ ...disk, source: next });
  switch (source.kind) {
    case 'blank':
    case 'none':
      return null;
    case 'dataSource':
      return (
        <ChoiceField
          id={id}
          label={t('Boot source')}
          value={source.name === '' ? '' : `${source.namespace}/${source.name}`}
          choices={[
            { value: '', label: t('Choose one') },
            ...sources.rows.map((row) => ({
              value: row.key,
              label: t('{{title}} ({{key}})', { title: row.title, key: row.key }),
              isDisabled: !row.isReady,
            })),
          ]}
          error={error}
          onChange={(key) => {
            const [of = '', name = ''] = key.split('/');
            onChange({ ...source, namespace: of, name });
          }}
        />
      );
    case 'url':
    case 'registry':
      return (
        <TextField
          id={id}
          label={t('Address')}
          value={source.url}
          placeholder={
            source.kind === 'url' ? 'https://example.org/disk.qcow2' : 'docker://quay.io/org/disk:1'
          }
          error={error}
          onChange={(url) => onChange({ ...source, url: url.trim() })}
        />
      );
    case 'containerDisk':
      return (
        <TextField
          id={id}
          label={t('Image')}
          value={source.image}
          placeholder="quay.io/org/disk:1"
          error={error}
          onChange={(image) => onChange({ ...source, image: image.trim() })}
        />
      );
    case 'clone':
    case 'snapshot':
      return (
        <div className="vd-field-row">
          <TextField
            id={`${id}-project`}
            label={t('In project')}
            value={source.namespace}
            onChange={(of) => onChange({ ...source, namespace: of.trim() })}
          />
          <NamedChoice
            id={id}
            label={source.kind === 'clone' ? t('Volume') : t('Volume snapshot')}
            model={source.kind === 'clone' ? persistentVolumeClaims : volumeSnapshots}
            namespace={source.namespace}
            none={t('Choose one')}
            value={source.name}
            error={error}
            onChange={(name) => onChange({ ...source, name })}
          />
        </div>
      );
    case 'dataVolume':
      return (
        <UploadField
          id={id}
          disk={disk}
          namespace={namespace}
          vmName={vmName}
          error={error}
          onAppliance={props.onAppliance}
          onChange={props.onChange}
        />
      );
    case 'claim':
    case 'configMap':
    case 'secret':
      return (
        <NamedChoice
          id={id}
          label={titles[source.kind]}
          model={models[source.kind]}
          namespace={namespace}
          none={t('Choose one')}
          value={source.name}
          error={error}
          onChange={(name) => onChange({ ...source, name })}
        />
      );
  }
}
