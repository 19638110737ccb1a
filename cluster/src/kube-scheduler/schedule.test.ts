import { describe, expect, it } from 'vitest';

import type { Node, Pod } from '../client/resources.ts';
import { schedule } from './schedule.ts';

const metadata = { uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };

function node(name: string, memory: string, ready = true): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...metadata, name, labels: { 'kubevirt.io/schedulable': 'true' } },
    status: {
      allocatable: { cpu: '2', memory, pods: '110' },
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
}

function pod(memory: string, nodeName?: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: 'p', namespace: 'default' },
    spec: {
      containers: [{ name: 'compute', resources: { requests: { cpu: '100m', memory } } }],
      nodeSelector: { 'kubevirt.io/schedulable': 'true' },
      ...(nodeName && { nodeName }),
    },
  };
}

describe('schedule', () => {
  it('takes the node with the most memory left', () => {
    const placement = schedule(
      pod('1Gi'),
      [node('a', '8Gi'), node('b', '8Gi')],
      [pod('2Gi', 'a'), pod('1Gi', 'b')],
    );
    expect(placement).toEqual({ node: 'b' });
  });

  it('says why no node fits, as kube-scheduler does', () => {
    const placement = schedule(
      pod('6Gi'),
      [node('a', '4Gi'), node('b', '8Gi'), node('c', '8Gi', false)],
      [pod('4Gi', 'b')],
    );
    expect(placement).toEqual({
      unschedulable: '0/3 nodes are available: 1 node(s) were not ready, 2 Insufficient memory.',
    });
  });

  it('does not count pods that have ended', () => {
    const ended: Pod = { ...pod('4Gi', 'a'), status: { phase: 'Succeeded' } };
    expect(schedule(pod('3Gi'), [node('a', '4Gi')], [ended])).toEqual({ node: 'a' });
  });

  it('says when the node selector matches nothing', () => {
    const selective = pod('1Gi');
    selective.spec.nodeSelector = { zone: 'north' };
    expect(schedule(selective, [node('a', '4Gi')], [])).toEqual({
      unschedulable:
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    });
  });
});
