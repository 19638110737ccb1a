import type { Failure } from '~/k8s/errors';
import type { Problem, Step } from '~/kubevirt/create/draftProblems';

/** Which field shows what the server refuses, by its path; KubeVirt makes its paths by hand, so loosely. */
function placeOf(path: string): { step: Step; field: string } {
  if (/^metadata\.(?:name|generateName)$/.test(path)) return { step: 'source', field: 'name' };
  if (path === 'metadata.namespace') return { step: 'source', field: 'namespace' };
  if (/instancetype/i.test(path)) return { step: 'compute', field: 'instancetype' };
  if (/preference/i.test(path)) return { step: 'compute', field: 'preference' };
  const disk = /(?:dataVolumeTemplates?|disks|volumes)\[(\d+)\](.*)/i.exec(path);
  if (disk) {
    const [, index = '0', rest = ''] = disk;
    const field = /source/i.test(rest) ? 'source' : /storage|pvc/i.test(rest) ? 'size' : 'name';
    const step = index === '0' && field === 'source' ? 'source' : 'storage';
    return { step, field: `disk-${index}-${field}` };
  }
  const nic = /(?:interfaces|networks)(?:\[(\d+)\])?/.exec(path);
  if (nic) return { step: 'network', field: `nic-${nic[1] ?? 0}-network` };
  if (/maxSockets/.test(path)) return { step: 'compute', field: 'maxSockets' };
  if (/maxGuest/.test(path)) return { step: 'compute', field: 'maxMemory' };
  if (/\.memory|resources\.(?:requests|limits)\.memory/.test(path)) {
    return { step: 'compute', field: 'memory' };
  }
  if (/hostDevices|gpus/i.test(path)) return { step: 'compute', field: 'devices' };
  if (/\.cpu\b|resources\.(?:requests|limits)\.cpu/.test(path)) {
    return { step: 'compute', field: 'cores' };
  }
  if (/nodeSelector|affinity|toleration|eviction|runStrategy|priority/i.test(path)) {
    return { step: 'scheduling', field: '' };
  }
  if (/accessCredentials|cloudInit|sysprep/i.test(path))
    return { step: 'initialisation', field: '' };
  return { step: 'review', field: '' };
}

/** The server's refusal of one object as problems at their places, in its own words. */
export function failureProblems({ detail, status, causes }: Failure, kind: string): Problem[] {
  const isVerbatim = true as const;
  if (kind === 'VirtualMachineClone') {
    const paths = causes.map(({ field }) => field).join(' ');
    const field = status === 409 || /target/.test(paths) ? 'name' : 'copy';
    return [{ step: 'source', field, text: detail, isVerbatim }];
  }
  if (kind === 'Service') return [{ step: 'network', field: 'services', text: detail, isVerbatim }];
  if (kind === 'VirtualMachine') {
    if (status === 409) return [{ step: 'source', field: 'name', text: detail, isVerbatim }];
    if (causes.length > 0) {
      return causes.map(({ field, message }) => {
        const place = placeOf(field);
        const isPlaced = place.field !== '' || field === '';
        return { ...place, text: isPlaced ? message : `${field}: ${message}`, isVerbatim };
      });
    }
  }
  if (status === 404 && detail.includes('namespaces ')) {
    return [{ step: 'source', field: 'namespace', text: detail, isVerbatim }];
  }
  return [{ step: 'review', field: '', text: detail, isVerbatim }];
}
