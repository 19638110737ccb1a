import type { V1Network } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

/** Does the network of Multus stand in for the pod network? The generated type writes `default` otherwise. */
export const isMultusDefault = ({ multus }: V1Network): boolean =>
  multus !== undefined && 'default' in multus && multus['default'] === true;
