export { Timestamp } from '@openshift-console/dynamic-plugin-sdk';
