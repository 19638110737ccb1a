import { useSyncExternalStore } from 'use-sync-external-store/shim';

import { objectDelete } from '~/api/objects';
import { kubernetesRequest } from '~/console/http';
import { FailureError, ownFailure, toFailure } from '~/k8s/errors';
import { isRecord } from '~/k8s/isRecord';
import { cdiConfigs, dataVolumes, resourcePath, uploadTokenRequests } from '~/k8s/models';
import { toQuantity } from '~/k8s/quantity';
import { Sha256 } from '~/k8s/Sha256';
import {
  type KeptUpload,
  type Upload,
  Uploads,
  type UploadStore,
  type UploadTransport,
} from '~/k8s/Uploads';

const pollMs = 700;
/** The upload pod's image may have to be fetched first. */
const readyWithinMs = 180_000;

/** Where the upload proxy listens; undefined where the cluster does not expose one. */
export async function uploadProxyUrl(): Promise<string | undefined> {
  const config = await kubernetesRequest(resourcePath(cdiConfigs, { name: 'config' }));
  const status = isRecord(config) && isRecord(config['status']) ? config['status'] : {};
  const url = status['uploadProxyURL'];
  if (typeof url !== 'string' || url === '') return undefined;
  // CDI gives a host alone for a Route or an Ingress, which are https.
  return /^https?:\/\//.test(url) ? url : `https://${url}`;
}

function uploadFailure(title: string, detail: string): FailureError {
  return new FailureError(ownFailure(title, detail));
}

interface Phase {
  phase: string;
  /** 0 to 100; undefined while nothing is counted. */
  percent: number | undefined;
  message: string;
  /** How often the server of the upload has ended, because it could not process what it was sent. */
  restarts: number;
}

async function phaseOf({ namespace, name }: Upload, signal: AbortSignal): Promise<Phase> {
  const found = await kubernetesRequest(resourcePath(dataVolumes, { namespace, name }), { signal });
  const status = isRecord(found) && isRecord(found['status']) ? found['status'] : {};
  const conditions = Array.isArray(status['conditions']) ? status['conditions'] : [];
  const running: unknown = conditions.find((one) => isRecord(one) && one['type'] === 'Running');
  const message = isRecord(running) ? running['message'] : '';
  const percent = Number.parseFloat(String(status['progress']));
  return {
    phase: typeof status['phase'] === 'string' ? status['phase'] : '',
    percent: Number.isNaN(percent) ? undefined : percent,
    message: typeof message === 'string' ? message : '',
    restarts: typeof status['restartCount'] === 'number' ? status['restartCount'] : 0,
  };
}

/** Restarts before an upload was sent: of what it did not cause. */
const restartsBefore = new Map<string, number>();
const keyOf = ({ namespace, name }: Upload) => `${namespace}/${name}`;

/** Waits for one of the phases; rejects when the DataVolume fails, or takes too long. */
async function untilPhase(
  upload: Upload,
  signal: AbortSignal,
  phases: readonly string[],
  withinMs: number,
  onPhase?: (phase: string, percent: number | undefined) => void,
): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    const { phase, percent, message, restarts } = await phaseOf(upload, signal);
    onPhase?.(phase, percent);
    if (phases.includes(phase)) return;
    // After the last byte it waits in the same phase whether it writes the disk or has given up.
    if (onPhase && restarts > (restartsBefore.get(keyOf(upload)) ?? restarts)) {
      const detail = message || 'The image could not be written to the volume.';
      throw uploadFailure('Something went wrong', detail);
    }
    if (phase === 'Failed')
      throw uploadFailure('Something went wrong', message || 'The import failed.');
    if (Date.now() > end) {
      const detail = `DataVolume ${upload.name} is ${phase || 'Pending'} still. ${message}`.trim();
      throw uploadFailure('The server took too long to answer', detail);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pollMs);
    });
  }
}

async function prepare(upload: Upload, signal: AbortSignal): Promise<boolean> {
  const { namespace, name, volumeBytes, storageClass } = upload;
  try {
    await kubernetesRequest(resourcePath(dataVolumes, { namespace }), {
      method: 'POST',
      signal,
      body: {
        apiVersion: 'cdi.kubevirt.io/v1beta1',
        kind: 'DataVolume',
        metadata: {
          name,
          namespace,
          // Else a class that waits for its first consumer would wait for the VM, and the VM for it.
          annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' },
        },
        spec: {
          source: { upload: {} },
          storage: {
            ...(storageClass !== '' && { storageClassName: storageClass }),
            resources: { requests: { storage: toQuantity(volumeBytes) } },
          },
        },
      },
    });
  } catch (error) {
    if (toFailure(error).status !== 409 || !upload.isAgain) throw error;
    // Of an attempt before, which may have filled it.
    if ((await phaseOf(upload, signal)).phase === 'Succeeded') return false;
  }
  await untilPhase(upload, signal, ['UploadReady'], readyWithinMs);
  restartsBefore.set(keyOf(upload), (await phaseOf(upload, signal)).restarts);
  return true;
}

async function tokenFor({ namespace, name }: Upload, signal: AbortSignal): Promise<string> {
  const reply = await kubernetesRequest(resourcePath(uploadTokenRequests, { namespace }), {
    method: 'POST',
    signal,
    body: {
      apiVersion: 'upload.cdi.kubevirt.io/v1beta1',
      kind: 'UploadTokenRequest',
      metadata: { name, namespace },
      spec: { pvcName: name },
    },
  });
  const status = isRecord(reply) && isRecord(reply['status']) ? reply['status'] : {};
  const { token } = status;
  if (typeof token !== 'string')
    throw uploadFailure('Something went wrong', 'The server gave no token for the upload.');
  return token;
}

/** XMLHttpRequest, as fetch tells nothing of how much was sent. */
async function send(
  upload: Upload,
  content: Blob,
  signal: AbortSignal,
  onProgress: (sentBytes: number) => void,
): Promise<void> {
  const [url, token] = await Promise.all([uploadProxyUrl(), tokenFor(upload, signal)]);
  if (url === undefined)
    throw uploadFailure('Not found', 'This cluster does not expose an upload proxy.');
  await new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${url}/v1beta1/upload-async`);
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => {
      const detail = request.responseText.trim() || `${request.status} ${request.statusText}`;
      if (request.status < 300) resolve();
      else reject(uploadFailure('The request was not accepted', detail));
    };
    request.onerror = () => {
      const detail = `${url} did not answer. If its certificate is not known to this browser, open it once.`;
      reject(uploadFailure('The server could not be reached', detail));
    };
    request.onabort = () => reject(uploadFailure('Something went wrong', 'Cancelled'));
    signal.addEventListener('abort', () => request.abort());
    request.send(content);
  });
}

const importWithinMs = 3_600_000;

const transport: UploadTransport = {
  prepare,
  send,
  finish: (upload, signal, onPhase) =>
    untilPhase(upload, signal, ['Succeeded'], importWithinMs, onPhase),
  remove: (upload) => objectDelete(dataVolumes, upload),
  digest,
};

/** Short enough that the page answers meanwhile: some milliseconds each. */
const digestStepBytes = 1 << 20;

async function digest(content: Blob, signal: AbortSignal): Promise<string> {
  const hash = new Sha256();
  for (let at = 0; at < content.size; at += digestStepBytes) {
    signal.throwIfAborted();
    const step = await content.slice(at, at + digestStepBytes).arrayBuffer();
    hash.update(new Uint8Array(step));
  }
  return hash.digest();
}

const storeKey = 'virtdeck.uploads';

const store: UploadStore = {
  read() {
    try {
      const json: unknown = JSON.parse(sessionStorage.getItem(storeKey) ?? '[]');
      return Array.isArray(json) ? json.filter(isKept) : [];
    } catch {
      // Not ours, or not allowed: the same as nothing.
      return [];
    }
  },
  write(kept) {
    try {
      sessionStorage.setItem(storeKey, JSON.stringify(kept));
    } catch {
      // A browser may refuse to keep anything: then a reload forgets them.
    }
  },
};

function isKept(one: unknown): one is KeptUpload {
  return (
    isRecord(one) &&
    ['namespace', 'name', 'fileName', 'format', 'storageClass'].every(
      (key) => typeof one[key] === 'string',
    ) &&
    typeof one['bytes'] === 'number' &&
    typeof one['volumeBytes'] === 'number'
  );
}

/** All of this tab. */
export const uploads = new Uploads(transport, () => Date.now(), store);

// Closing the tab ends what is being sent: the browser asks first.
window.addEventListener('beforeunload', (event) => {
  if (uploads.isActive) event.preventDefault();
});

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(uploads.subscribe, uploads.getSnapshot);
}
