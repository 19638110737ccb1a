import { KubeConfig } from '@kubernetes/client-node';
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';

/**
 * An API server with the identity by which the console speaks to it. The kubeconfig is read again
 * when it changes: logins renew tokens in it, and a cluster made anew has another CA.
 */
export class KubernetesTarget {
  private kubeConfig: KubeConfig;
  private modifiedMs: number;
  private readonly plainAgent = new http.Agent({ keepAlive: true });
  private readonly tlsAgent = new https.Agent({ keepAlive: true });

  /** Throws when the file has no usable context; `context` overrides its current one. */
  constructor(
    private readonly path: string,
    private readonly context?: string,
  ) {
    this.modifiedMs = statSync(path).mtimeMs;
    this.kubeConfig = load(path, context);
  }

  get contextName(): string {
    return this.kubeConfig.getCurrentContext();
  }

  /** The namespace that the context names; undefined when it names none. */
  get contextNamespace(): string | undefined {
    const namespace = this.kubeConfig.getContextObject(this.contextName)?.namespace;
    return namespace === '' ? undefined : namespace;
  }

  get serverUrl(): URL {
    return new URL(this.kubeConfig.getCurrentCluster()?.server ?? '');
  }

  private async refresh(): Promise<void> {
    const { mtimeMs } = await stat(this.path);
    if (mtimeMs === this.modifiedMs) return;
    this.kubeConfig = load(this.path, this.context);
    this.modifiedMs = mtimeMs;
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
    await this.refresh();
    const { serverUrl } = this;
    const isTls = serverUrl.protocol === 'https:';
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
      protocol: serverUrl.protocol,
      host: serverUrl.hostname.replace(/^\[|\]$/g, ''),
      port: serverUrl.port || (isTls ? 443 : 80),
      method,
      path: serverUrl.pathname.replace(/\/$/, '') + path,
      headers: { ...headers, ...toRecord(credentialHeaders), host: serverUrl.host },
    };
    return isTls ? https.request(options) : http.request(options);
  }

  close(): void {
    this.plainAgent.destroy();
    this.tlsAgent.destroy();
  }
}

function load(path: string, context: string | undefined): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(path);
  if (context !== undefined) kubeConfig.setCurrentContext(context);
  // The library refuses plain HTTP unless TLS is not to be verified; kubectl does not, and there
  // is no TLS to verify.
  kubeConfig.clusters = kubeConfig.clusters.map((cluster) =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  if (!kubeConfig.getCurrentCluster())
    throw new Error(
      `The kubeconfig ${path} has no usable context "${kubeConfig.getCurrentContext()}". ` +
        `It knows: ${kubeConfig.contexts.map(({ name }) => name).join(', ') || 'none'}.`,
    );
  return kubeConfig;
}

function toRecord(headers: https.RequestOptions['headers']): http.OutgoingHttpHeaders {
  if (!headers || Array.isArray(headers)) return {};
  return Object.fromEntries(Object.entries(headers));
}
