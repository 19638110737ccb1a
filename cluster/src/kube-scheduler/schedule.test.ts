import { describe, expect, it } from 'vitest';

import type { Node, Pod } from '../client/resources.ts';
import { schedule } from './schedule.ts';

const metadata = { uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };

function node(name: string, memory: string, taint?: string): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...metadata, name, labels: { 'kubevirt.io/schedulable': 'true', host: name } },
    spec: { ...(taint && { taints: [{ key: taint, effect: 'NoSchedule' }] }) },
    status: { allocatable: { cpu: '2', memory, pods: '110' } },
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
      [node('a', '4Gi'), node('b', '8Gi'), node('c', '8Gi', 'node.kubernetes.io/not-ready')],
      [pod('4Gi', 'b')],
    );
    expect(placement).toEqual({
      unschedulable:
        '0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }, 2 Insufficient memory.',
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

  const nodes = [node('a', '8Gi'), node('b', '8Gi')];
  const labelled = (name: string, nodeName?: string): Pod => {
    const made = pod('1Gi', nodeName);
    return { ...made, metadata: { ...made.metadata, name, labels: { app: 'web' } } };
  };
  const beside = { topologyKey: 'host', labelSelector: { matchLabels: { app: 'web' } } };
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [beside] };

  it('keeps a pod away from those that its anti-affinity means', () => {
    const apart = labelled('one');
    apart.spec.affinity = { podAntiAffinity: required };
    expect(schedule(apart, nodes, [labelled('two', 'a')])).toEqual({ node: 'b' });
    expect(schedule(apart, nodes, [labelled('two', 'a'), labelled('three', 'b')])).toEqual({
      unschedulable: "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.",
    });
  });

  it('keeps a pod away from those whose anti-affinity means it', () => {
    const apart = labelled('one', 'a');
    apart.spec.affinity = { podAntiAffinity: required };
    expect(schedule(labelled('two'), nodes.slice(0, 1), [apart])).toEqual({
      unschedulable:
        "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
    });
  });

  it('brings pods together, and lets the first of them in', () => {
    const together = labelled('one');
    together.spec.affinity = { podAffinity: required };
    expect(schedule(together, nodes, [])).toEqual({ node: 'a' });
    const far = pod('7Gi', 'b');
    expect(schedule(together, nodes, [far, labelled('two', 'b')])).toEqual({
      unschedulable:
        "0/2 nodes are available: 1 Insufficient memory, 1 node(s) didn't match pod affinity rules.",
    });
  });

  it('obeys required node affinity and prefers what is preferred', () => {
    const choosy = pod('1Gi');
    const host = (name: string) => ({
      matchExpressions: [{ key: 'host', operator: 'In', values: [name] }],
    });
    choosy.spec.affinity = {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: host('b') }],
      },
    };
    expect(schedule(choosy, nodes, [pod('4Gi', 'b')])).toEqual({ node: 'b' });
    choosy.spec.affinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [host('c')] },
      },
    };
    expect(schedule(choosy, nodes, [])).toEqual({
      unschedulable:
        "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
    });
  });

  it('goes to a tainted node only with a toleration', () => {
    const tainted = [node('a', '8Gi', 'gpu')];
    const tolerant = pod('1Gi');
    expect(schedule(tolerant, tainted, [])).toEqual({
      unschedulable: '0/1 nodes are available: 1 node(s) had untolerated taint {gpu: }.',
    });
    tolerant.spec.tolerations = [{ key: 'gpu', operator: 'Exists' }];
    expect(schedule(tolerant, tainted, [])).toEqual({ node: 'a' });
  });

  it('spreads pods evenly where that is demanded', () => {
    const spread = labelled('one');
    spread.spec.topologySpreadConstraints = [
      { maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', ...beside },
    ];
    const there = [labelled('two', 'a'), labelled('three', 'a'), pod('4Gi', 'b')];
    expect(schedule(spread, nodes, there)).toEqual({ node: 'b' });
    const full = [...there, pod('4Gi', 'b')];
    expect(schedule(spread, nodes, full)).toEqual({
      unschedulable:
        "0/2 nodes are available: 1 Insufficient memory, 1 node(s) didn't match pod topology spread constraints.",
    });
  });
});
