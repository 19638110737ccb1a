/**
 * The module that plugins get as `@openshift-console/dynamic-plugin-sdk`: all that this console
 * implements of it. Types and behaviour follow version 4.22 of that package.
 */
export { consoleFetch, consoleFetchJSON, consoleFetchText } from './consoleFetch.ts';
export { DocumentTitle } from './DocumentTitle.tsx';
export { HttpError } from './HttpError.ts';
export { NamespaceBar } from './NamespaceBar.tsx';
export { useModal, useOverlay } from './overlays.tsx';
export { ResourceIcon } from './ResourceIcon.tsx';
export { ResourceLink } from './ResourceLink.tsx';
export { Timestamp } from './Timestamp.tsx';
export { useAccessReview } from './useAccessReview.ts';
export { useActiveNamespace } from './useActiveNamespace.ts';
export { useFlag } from './useFlag.ts';
export { getGroupVersionKindForModel, useK8sModel } from './useK8sModel.ts';
export { useResolvedExtensions } from './useResolvedExtensions.ts';
