export interface ScrapeTarget {
  /** Path on the metrics server. */
  path: string;
  /** Name of the pod that has these metrics on a cluster. */
  pod: string;
  container: string;
}

export interface ScrapeSource {
  port: number;
  token: string;
  targets: readonly ScrapeTarget[];
  intervalSeconds: number;
}

/** Prometheus' configuration; it is YAML, of which JSON is a part. */
export function prometheusConfig({ port, token, targets, intervalSeconds }: ScrapeSource): object {
  return {
    global: {
      scrape_interval: `${intervalSeconds}s`,
      scrape_timeout: `${Math.min(10, intervalSeconds)}s`,
      evaluation_interval: `${intervalSeconds}s`,
    },
    rule_files: ['rules.json'],
    scrape_configs: [
      {
        job_name: 'kubevirt-prometheus-metrics',
        // As in KubeVirt's ServiceMonitor: a VMI's namespace is not that of virt-handler.
        honor_labels: true,
        authorization: { type: 'Bearer', credentials: token },
        static_configs: targets.map(({ path, pod, container }) => ({
          targets: [`127.0.0.1:${port}`],
          labels: {
            __metrics_path__: path,
            instance: pod,
            namespace: 'kubevirt',
            pod,
            container,
          },
        })),
      },
    ],
  };
}
