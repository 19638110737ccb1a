import type { ReactNode } from 'react';

import { useYamlTexts } from '~/api/useYamlTexts';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { YamlReader } from '~/ui/YamlReader';

interface Props {
  /** Live. */
  object: KubernetesObject;
  /** A button that begins a change. */
  edit?: ReactNode;
}

/** A VM or its instance as YAML. */
export function VmYamlReader({ object, edit }: Props) {
  const name = object.metadata?.name ?? '';
  const texts = useYamlTexts(name);
  return <YamlReader object={object} name={name} texts={texts} actions={edit} />;
}
