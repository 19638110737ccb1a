import { Button, Checkbox, Flex } from '@patternfly/react-core';
import CopyIcon from '@patternfly/react-icons/dist/esm/icons/copy-icon';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import { type ReactNode, useMemo, useState } from 'react';

import { CodeView } from './CodeView';
import { textCopy } from './textCopy';
import { textDownload } from './textDownload';
import { type ObjectToShow, toYaml } from './toYaml';

import './forms.css';

interface Props {
  object: ObjectToShow;
  /** Of the file that is downloaded. */
  name: string;
  texts: {
    label: string;
    showStatus: string;
    showManaged: string;
    copy: string;
    copied: string;
    notCopied: string;
    download: string;
  };
  /** Buttons beside the switches. */
  actions?: ReactNode;
}

/** A live object to read, copy and keep. */
export function YamlReader({ object, name, texts, actions }: Props) {
  const [showsStatus, setShowsStatus] = useState(true);
  const [showsManaged, setShowsManaged] = useState(false);
  const hasStatus = object.status !== undefined;
  const text = useMemo(() => {
    const { status, metadata, ...rest } = object;
    const { managedFields, ...shown } = { managedFields: undefined, ...metadata };
    return toYaml({
      ...rest,
      metadata: showsManaged ? { ...shown, managedFields } : shown,
      ...(showsStatus && hasStatus ? { status } : {}),
    });
  }, [object, showsManaged, showsStatus, hasStatus]);

  return (
    <div className="vd-filtered-table">
      <Flex columnGap={{ default: 'columnGapLg' }}>
        {hasStatus ? (
          <Checkbox
            id="vd-yaml-status"
            label={texts.showStatus}
            isChecked={showsStatus}
            onChange={(_event, checked) => setShowsStatus(checked)}
          />
        ) : null}
        <Checkbox
          id="vd-yaml-managed"
          label={texts.showManaged}
          isChecked={showsManaged}
          onChange={(_event, checked) => setShowsManaged(checked)}
        />
        {actions}
      </Flex>
      <CodeView
        label={texts.label}
        text={text}
        actions={
          <>
            <Button
              variant="plain"
              icon={<CopyIcon />}
              aria-label={texts.copy}
              onClick={() => void textCopy(text, texts)}
            />
            <Button
              variant="plain"
              icon={<DownloadIcon />}
              aria-label={texts.download}
              onClick={() => textDownload(`${name}.yaml`, text, 'text/yaml')}
            />
          </>
        }
      />
    </div>
  );
}
