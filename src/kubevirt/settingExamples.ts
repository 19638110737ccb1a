/** What can be written into the settings that are YAML, by the id of the setting. */
export const settingExamples: Readonly<Record<string, string>> = {
  tolerations: `- key: node-role.kubernetes.io/infra
  operator: Exists
  effect: NoSchedule`,
  affinity: `podAntiAffinity:
  requiredDuringSchedulingIgnoredDuringExecution:
    - topologyKey: kubernetes.io/hostname
      labelSelector:
        matchLabels:
          app: database`,
  topologySpread: `- maxSkew: 1
  topologyKey: topology.kubernetes.io/zone
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      app: web`,
  gpus: `- name: gpu1
  deviceName: nvidia.com/GA102GL_A10`,
  hostDevices: `- name: nic1
  deviceName: intel.com/qat`,
};
