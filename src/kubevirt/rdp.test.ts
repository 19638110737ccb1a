import { describe, expect, it } from 'vitest';
import { rdpAddresses, rdpFile, rdpForwardCommand, type RdpService } from './rdp';

const vmi = {
  metadata: { name: 'desk', namespace: 'office', labels: { team: 'sales' } },
  spec: {
    domain: { devices: {} },
    networks: [
      { name: 'default', pod: {} },
      { name: 'lan', multus: { networkName: 'lan' } },
    ],
  },
  status: {
    nodeName: 'node-1',
    interfaces: [
      { name: 'default', ipAddress: '10.128.0.9' },
      { name: 'lan', ipAddress: '192.168.7.20' },
      { ipAddress: '172.17.0.1' },
    ],
  },
};
const node = { status: { addresses: [{ type: 'InternalIP', address: '10.0.0.5' }] } };
const nodePort: RdpService = {
  metadata: { name: 'desk-rdp' },
  spec: {
    type: 'NodePort',
    selector: { 'vm.kubevirt.io/name': 'desk' },
    ports: [{ port: 3389, targetPort: 3389, nodePort: 31_000 }],
  },
};

describe('rdpAddresses', () => {
  it('gives the node of the guest and the port of its Service, and other networks of the guest', () => {
    expect(rdpAddresses(vmi, [nodePort], node)).toEqual([
      { host: '10.0.0.5', port: 31_000, via: 'service', name: 'desk-rdp' },
      { host: '192.168.7.20', port: 3389, via: 'network', name: 'lan' },
    ]);
  });

  it('names the node where its addresses may not be read', () => {
    expect(rdpAddresses(vmi, [nodePort], undefined)[0]).toMatchObject({ host: 'node-1' });
  });

  it('prefers the address of a load balancer', () => {
    const status = { loadBalancer: { ingress: [{ hostname: 'desk.example.com' }] } };
    expect(rdpAddresses(vmi, [{ ...nodePort, status }], node)[0]).toMatchObject({
      ...{ host: 'desk.example.com', port: 3389 },
    });
  });

  it('leaves out Services of other guests, of other ports, and inside the cluster', () => {
    const spec = nodePort.spec;
    const services: RdpService[] = [
      { spec: { ...spec, selector: { 'vm.kubevirt.io/name': 'other' } } },
      { spec: { ...spec, selector: {} } },
      { spec: { ...spec, ports: [{ port: 22, nodePort: 31_001 }] } },
      { spec: { ...spec, type: 'ClusterIP', ports: [{ port: 3389 }] } },
    ];
    expect(rdpAddresses(vmi, services, node).map(({ via }) => via)).toEqual(['network']);
    const byLabel = { spec: { ...spec, selector: { team: 'sales' } } };
    expect(rdpAddresses(vmi, [byLabel], node)).toHaveLength(2);
  });
});

it('writes a connection file', () => {
  expect(rdpFile({ host: '10.0.0.5', port: 31_000 })).toContain(
    'full address:s:10.0.0.5:31000\r\n',
  );
  expect(rdpFile({ host: 'fd00::5', port: 3389 })).toContain('full address:s:[fd00::5]:3389\r\n');
});

it('forwards to a port that a Windows of the user does not use', () => {
  expect(rdpForwardCommand({ namespace: 'office', name: 'desk', isInstance: false })).toBe(
    'virtctl port-forward --namespace office vm/desk 13389:3389',
  );
});
