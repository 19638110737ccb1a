export { ResourceLink } from '@openshift-console/dynamic-plugin-sdk';
