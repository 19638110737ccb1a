export { DocumentTitle } from '@openshift-console/dynamic-plugin-sdk';
