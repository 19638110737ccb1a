import { Button, Checkbox, Flex } from '@patternfly/react-core';
import CopyIcon from '@patternfly/react-icons/dist/esm/icons/copy-icon';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stringify } from 'yaml';

import { toFailure } from '~/k8s/errors';
import { CodeView } from '~/ui/CodeView';
import { textDownload } from '~/ui/textDownload';
import { toastAdd } from '~/ui/toasts';

import './detail.css';

/** The part of an object that is looked at. */
interface ReadObject {
  metadata?: { name?: string; managedFields?: unknown };
  status?: unknown;
}

interface Props {
  /** Live. */
  object: ReadObject;
  /** A button that begins a change. */
  edit?: ReactNode;
}

/** An object as YAML, in one line what is one line, and nothing by reference. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The live object to read, copy and keep. */
export function YamlReader({ object, edit }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [showsStatus, setShowsStatus] = useState(true);
  const [showsManaged, setShowsManaged] = useState(false);
  const name = object.metadata?.name ?? '';
  const text = useMemo(() => {
    const { managedFields, ...metadata } = object.metadata ?? {};
    const { status, ...rest } = object;
    return toYaml({
      ...rest,
      metadata: showsManaged ? { ...metadata, managedFields } : metadata,
      ...(showsStatus ? { status } : {}),
    });
  }, [object, showsManaged, showsStatus]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toastAdd({ tone: 'success', title: t('Copied') });
    } catch (error) {
      // Browsers give the clipboard to secure pages only.
      const detail = toFailure(error).detail;
      toastAdd({ tone: 'danger', title: t('The YAML could not be copied'), detail });
    }
  };

  return (
    <div className="vd-stack">
      <Flex columnGap={{ default: 'columnGapLg' }}>
        <Checkbox
          id="vd-yaml-status"
          label={t('Show status')}
          isChecked={showsStatus}
          onChange={(_event, checked) => setShowsStatus(checked)}
        />
        <Checkbox
          id="vd-yaml-managed"
          label={t('Show managed fields')}
          isChecked={showsManaged}
          onChange={(_event, checked) => setShowsManaged(checked)}
        />
        {edit}
      </Flex>
      <CodeView
        label={t('YAML of {{name}}', { name })}
        text={text}
        actions={
          <>
            <Button
              variant="plain"
              icon={<CopyIcon />}
              aria-label={t('Copy')}
              onClick={() => void copy()}
            />
            <Button
              variant="plain"
              icon={<DownloadIcon />}
              aria-label={t('Download')}
              onClick={() => textDownload(`${name}.yaml`, text, 'text/yaml')}
            />
          </>
        }
      />
    </div>
  );
}
