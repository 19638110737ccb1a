export const configMapsPath = (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps`;

/** A small object that tells when it was sent, in milliseconds. */
export const configMap = (name: string, sentAt: number) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { sentAt: String(sentAt) },
});
