import { naturalOrder } from '~/kubevirt/vmRow';
import type { VmListRow } from '~/kubevirt/vmListRow';
import type { TreeNode } from '~/ui/SideTree';

function sorted<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (naturalOrder(a) < naturalOrder(b) ? -1 : 1));
}

/**
 * All projects, each with its groups, by name. The id of a node is `project/group`, `project`, or
 * empty for all.
 */
export function projectTree(rows: readonly VmListRow[], allLabel: string): readonly TreeNode[] {
  const projects = new Map<string, { count: number; groups: Map<string, number> }>();
  for (const { namespace, group } of rows) {
    let project = projects.get(namespace);
    if (!project) projects.set(namespace, (project = { count: 0, groups: new Map() }));
    project.count += 1;
    if (group !== '') project.groups.set(group, (project.groups.get(group) ?? 0) + 1);
  }
  const children = sorted(projects).map(([name, { count, groups }]): TreeNode => ({
    id: name,
    label: name,
    count,
    children: sorted(groups).map(([group, members]) => ({
      id: `${name}/${group}`,
      label: group,
      count: members,
      children: [],
    })),
  }));
  return [{ id: '', label: allLabel, count: rows.length, children }];
}
