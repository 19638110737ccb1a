import { consoleFetchJSON } from '../sdk/consoleFetch.ts';
import { HttpError } from '../sdk/HttpError.ts';
import { knownProjects, rememberProject } from './knownProjects.ts';

const namespacesPath = '/api/kubernetes/api/v1/namespaces';
/** On OpenShift: one's own projects, which everybody may list. */
const projectsPath = '/api/kubernetes/apis/project.openshift.io/v1/projects';
const firstRetryMs = 1_000;
const slowestRetryMs = 30_000;

export type Namespaces =
  | { state: 'loading' }
  | { state: 'error'; error: Error }
  /** The user may list none; the names are those that we know otherwise. */
  | { state: 'refused'; error: Error; names: readonly string[] }
  | { state: 'ready'; names: readonly string[] };

interface NamespaceObject {
  metadata: { name: string; resourceVersion: string };
}
interface NamespaceList {
  metadata: { resourceVersion: string; continue?: string };
  items: NamespaceObject[] | null;
}
interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: NamespaceObject;
}

/**
 * The names of all namespaces, or of the user's own projects, kept up to date by a watch while
 * somebody listens. A watch that breaks is taken up again from a fresh list, with growing pauses.
 */
export class NamespaceWatch {
  private current: Namespaces = { state: 'loading' };
  private readonly names = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retryMs = firstRetryMs;
  /** Rises with each start and stop; an answer to an older run is not wanted any more. */
  private run = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) void this.list();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  };

  readonly getSnapshot = (): Namespaces => this.current;

  /** Asks again now, for a Retry button. */
  retry(): void {
    this.stop();
    if (this.listeners.size > 0) void this.list();
  }

  /** The user has typed a name that no list told. */
  async named(name: string): Promise<void> {
    await rememberProject(name);
    if (this.current.state === 'refused') this.set({ ...this.current, names: knownProjects() });
  }

  private stop(): void {
    this.run += 1;
    clearTimeout(this.timer);
    this.socket?.close();
    this.socket = undefined;
  }

  private async list(): Promise<void> {
    const run = ++this.run;
    try {
      const { path, names, resourceVersion } = await listNamespaces();
      if (run !== this.run) return;
      this.names.clear();
      for (const name of names) this.names.add(name);
      this.publish();
      this.watch(run, path, resourceVersion);
    } catch (error) {
      if (run !== this.run) return;
      const shown = error instanceof Error ? error : new Error(String(error));
      if (isForbidden(error)) {
        // Rights seldom change, and Retry asks at once.
        this.retryMs = slowestRetryMs;
        this.set({ state: 'refused', error: shown, names: knownProjects() });
      } else if (this.current.state !== 'ready') {
        // Names once known stay useful while the connection is down.
        this.set({ state: 'error', error: shown });
      }
      this.later();
    }
  }

  private watch(run: number, path: string, resourceVersion: string): void {
    const address = new URL(path, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    address.search = `?watch=true&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`;
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onopen = () => (this.retryMs = firstRetryMs);
    socket.onclose = () => {
      if (run === this.run) this.later();
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (run !== this.run) return;
      const { type, object } = JSON.parse(data) as WatchEvent;
      if (type === 'ERROR') socket.close();
      else if (type === 'ADDED') this.names.add(object.metadata.name);
      else if (type === 'DELETED') this.names.delete(object.metadata.name);
      if (type === 'ADDED' || type === 'DELETED') this.publish();
    };
  }

  private later(): void {
    clearTimeout(this.timer);
    const jitter = 0.75 + Math.random() / 2;
    this.timer = setTimeout(() => void this.list(), this.retryMs * jitter);
    this.retryMs = Math.min(this.retryMs * 2, slowestRetryMs);
  }

  private publish(): void {
    this.set({ state: 'ready', names: [...this.names].sort((a, b) => a.localeCompare(b)) });
  }

  private set(next: Namespaces): void {
    this.current = next;
    for (const listener of this.listeners) listener();
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof HttpError && error.code === 403;
}

/** All namespaces, else the projects of OpenShift. Throws what the API says of namespaces. */
async function listNamespaces() {
  try {
    return await listNames(namespacesPath);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    try {
      return await listNames(projectsPath);
    } catch {
      // Another Kubernetes knows no projects: what it says of namespaces tells more.
      throw error;
    }
  }
}

/** In pages; `resourceVersion` is what a watch goes on from. */
async function listNames(path: string) {
  const names: string[] = [];
  let next = '';
  let resourceVersion = '';
  do {
    const page = (await consoleFetchJSON(
      `${path}?limit=500${next && `&continue=${encodeURIComponent(next)}`}`,
    )) as NamespaceList;
    names.push(...(page.items ?? []).map(({ metadata }) => metadata.name));
    next = page.metadata.continue ?? '';
    resourceVersion = page.metadata.resourceVersion;
  } while (next);
  return { path, names, resourceVersion };
}

/** The page's one list of namespaces. */
export const namespaceWatch = new NamespaceWatch();
