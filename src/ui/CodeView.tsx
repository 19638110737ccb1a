import { CodeBlock, CodeBlockAction } from '@patternfly/react-core';
import { memo, type ReactNode } from 'react';

import './ui.css';
import { yamlLine } from './yamlLine';

interface Props {
  label: string;
  text: string;
  actions?: ReactNode;
}

const Line = memo(function Line({ text }: { text: string }) {
  return (
    <span className="vd-code-line">
      {yamlLine(text).map((part, index) =>
        part.kind === 'plain' ? (
          part.text
        ) : (
          <span key={index} className={`vd-code-${part.kind}`}>
            {part.text}
          </span>
        ),
      )}
      {'\n'}
    </span>
  );
});

/** YAML to read, with lightly coloured syntax. Lines that stay the same are not drawn again. */
export function CodeView({ label, text, actions }: Props) {
  return (
    <CodeBlock actions={actions ? <CodeBlockAction>{actions}</CodeBlockAction> : null}>
      {/* Wide lines scroll sideways, which must be possible with the keyboard too. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="vd-code" tabIndex={0} role="region" aria-label={label}>
        <code>
          {text.split('\n').map((line, index) => (
            <Line key={index} text={line} />
          ))}
        </code>
      </pre>
    </CodeBlock>
  );
}
