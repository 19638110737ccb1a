import { isDeepStrictEqual } from 'node:util';

import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import type { StorageClass } from '../client/resources.ts';
import { type Cdi, type CdiConfig, cdiConfigs } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  cdis: Informer<Cdi>;
  cdiConfigs: Informer<CdiConfig>;
  classes: Informer<StorageClass>;
  /** Where uploads go in this run of the program; undefined before the proxy listens. */
  uploads: () => { uploadProxyURL: string; uploadProxyCA?: string } | undefined;
}

const key = { name: 'config' };
const defaultClass = 'storageclass.kubernetes.io/is-default-class';
/** CDI's own (pkg/controller/config-controller.go, c07cdb6). */
const podResources = {
  limits: { cpu: '750m', memory: '600M' },
  requests: { cpu: '100m', memory: '60M' },
};
/** A disk here is as large as its claim; CDI leaves 6% of a file system to the file system itself. */
const defaultOverhead = '0';

/**
 * Takes over what the CDI object configures, and decides what follows from it and from the storage classes
 * (pkg/controller/config-controller.go, c07cdb6).
 */
export class CdiConfigController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(): Promise<void> {
    const found = this.#is.cdiConfigs.get(key);
    if (!found) return;
    const wanted = this.#is.cdis.list()[0]?.spec.config;
    if (wanted && !isDeepStrictEqual(wanted, found.spec)) {
      // The rest follows when the change is seen.
      await ignoreGone(this.#is.client.update(cdiConfigs, { ...found, spec: wanted }));
      return;
    }
    const status = this.#status(found);
    if (isDeepStrictEqual(status, found.status)) return;
    await ignoreGone(this.#is.client.updateStatus(cdiConfigs, { ...found, status }));
  }

  #status({ spec, status }: CdiConfig): NonNullable<CdiConfig['status']> {
    const { uploadProxyURL, uploadProxyCA } = this.#is.uploads() ?? status ?? {};
    const url = spec.uploadProxyURLOverride ?? uploadProxyURL;
    const { filesystemOverhead: overhead, podResourceRequirements: resources } = spec;
    const global = overhead?.global ?? defaultOverhead;
    const names = this.#is.classes.list().map(({ metadata }) => metadata.name);
    const perClass = names
      .sort()
      .map((name) => [name, overhead?.storageClass?.[name] ?? global] as const);
    return {
      ...(url && { uploadProxyURL: url }),
      ...(uploadProxyCA && { uploadProxyCA }),
      ...(spec.imagePullSecrets && { imagePullSecrets: spec.imagePullSecrets }),
      ...(spec.importProxy && { importProxy: spec.importProxy }),
      defaultPodResourceRequirements: {
        limits: { ...podResources.limits, ...resources?.limits },
        requests: { ...podResources.requests, ...resources?.requests },
      },
      filesystemOverhead: { global, storageClass: Object.fromEntries(perClass) },
      preallocation: spec.preallocation ?? false,
      scratchSpaceStorageClass: this.#scratchClass(spec.scratchSpaceStorageClass),
    };
  }

  /** The one that is asked for, when there is such a class; else the default one. */
  #scratchClass(wanted: string | undefined): string {
    if (wanted && this.#is.classes.get({ name: wanted })) return wanted;
    const isDefault = ({ metadata }: StorageClass) =>
      metadata.annotations?.[defaultClass] === 'true';
    return this.#is.classes.list().find(isDefault)?.metadata.name ?? '';
  }
}
