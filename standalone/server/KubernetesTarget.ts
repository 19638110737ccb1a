import { KubeConfig } from '@kubernetes/client-node';
import http from 'node:http';
import https from 'node:https';

/** An API server with the identity by which the console speaks to it. */
export class KubernetesTarget {
  readonly contextName: string;
  readonly serverUrl: URL;
  private readonly plainAgent = new http.Agent({ keepAlive: true });
  private readonly tlsAgent = new https.Agent({ keepAlive: true });

  constructor(private readonly kubeConfig: KubeConfig) {
    this.contextName = kubeConfig.getCurrentContext();
    const cluster = kubeConfig.getCurrentCluster();
    if (!cluster)
      throw new Error(
        `The kubeconfig has no usable context "${this.contextName}". ` +
          `It knows: ${kubeConfig.contexts.map(({ name }) => name).join(', ') || 'none'}.`,
      );
    this.serverUrl = new URL(cluster.server);
  }

  /** Reads a kubeconfig file; `context` overrides its current context. */
  static fromFile(path: string, context?: string): KubernetesTarget {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromFile(path);
    if (context !== undefined) kubeConfig.setCurrentContext(context);
    // The library refuses plain HTTP unless TLS is not to be verified; kubectl does not, and there
    // is no TLS to verify.
    kubeConfig.clusters = kubeConfig.clusters.map((cluster) =>
      cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
    );
    return new KubernetesTarget(kubeConfig);
  }

  /**
   * Opens a request to `path` (path and query as they go over the wire). The credentials of the
   * kubeconfig's user are looked up each time, because tokens of exec plugins expire. Rejects when
   * they cannot be had.
   */
  async request(
    method: string,
    path: string,
    headers: http.OutgoingHttpHeaders,
  ): Promise<http.ClientRequest> {
    const isTls = this.serverUrl.protocol === 'https:';
    const credentials: https.RequestOptions = {};
    await this.kubeConfig.applyToHTTPSOptions(credentials);
    const { agent, headers: credentialHeaders, ...tls } = credentials;
    const own = isTls ? this.tlsAgent : this.plainAgent;
    // One agent of ours keeps connections apart by certificate; only a cluster behind a proxy
    // needs the one that the kubeconfig makes.
    const usesProxy = this.kubeConfig.getCurrentCluster()?.proxyUrl !== undefined;
    const options: https.RequestOptions = {
      ...tls,
      agent: usesProxy ? (agent ?? own) : own,
      protocol: this.serverUrl.protocol,
      host: this.serverUrl.hostname.replace(/^\[|\]$/g, ''),
      port: this.serverUrl.port || (isTls ? 443 : 80),
      method,
      path: this.serverUrl.pathname.replace(/\/$/, '') + path,
      headers: { ...headers, ...toRecord(credentialHeaders), host: this.serverUrl.host },
    };
    return isTls ? https.request(options) : http.request(options);
  }

  close(): void {
    this.plainAgent.destroy();
    this.tlsAgent.destroy();
  }
}

function toRecord(headers: https.RequestOptions['headers']): http.OutgoingHttpHeaders {
  if (!headers || Array.isArray(headers)) return {};
  return Object.fromEntries(Object.entries(headers));
}
