import AngleRightIcon from '@patternfly/react-icons/dist/esm/icons/angle-right-icon';
import { type KeyboardEvent, useRef, useState } from 'react';

import './ui.css';
import { useFillHeight } from './useFillHeight';

export interface TreeNode {
  id: string;
  label: string;
  count: number;
  children: readonly TreeNode[];
}

interface Props {
  label: string;
  nodes: readonly TreeNode[];
  selected: string;
  onSelect: (id: string) => void;
}

interface Line {
  node: TreeNode;
  level: number;
  parent: string | undefined;
}

function linesOf(
  nodes: readonly TreeNode[],
  open: ReadonlySet<string>,
  level = 1,
  parent?: string,
): Line[] {
  return nodes.flatMap((node) => [
    { node, level, parent },
    ...(open.has(node.id) ? linesOf(node.children, open, level + 1, node.id) : []),
  ]);
}

/**
 * A tree to choose from, beside what it chooses. Keys as WAI-ARIA's tree: up and down, right opens,
 * left closes, Enter chooses. The first node is open.
 */
export function SideTree({ label, nodes, selected, onSelect }: Props) {
  const list = useRef<HTMLUListElement>(null);
  useFillHeight(list);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(nodes.slice(0, 1).map(idOf)));
  const [active, setActive] = useState<string>();
  const lines = linesOf(nodes, open);
  const stop = lines.find(({ node }) => node.id === (active ?? selected)) ?? lines[0];

  const toggle = (id: string, isOpen: boolean) => {
    const next = new Set(open);
    if (isOpen) next.add(id);
    else next.delete(id);
    setOpen(next);
  };
  const focus = (line: Line | undefined) => {
    if (!line) return;
    setActive(line.node.id);
    list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[lines.indexOf(line)]?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const index = stop ? lines.indexOf(stop) : -1;
    const line = lines[index];
    if (!line) return;
    const { node, parent } = line;
    const isOpen = open.has(node.id);
    switch (event.key) {
      case 'ArrowDown':
        focus(lines[index + 1]);
        break;
      case 'ArrowUp':
        focus(lines[index - 1]);
        break;
      case 'Home':
        focus(lines[0]);
        break;
      case 'End':
        focus(lines.at(-1));
        break;
      case 'ArrowRight':
        if (isOpen) focus(lines[index + 1]);
        else if (node.children.length > 0) toggle(node.id, true);
        break;
      case 'ArrowLeft':
        if (isOpen) toggle(node.id, false);
        else focus(lines.find((one) => one.node.id === parent));
        break;
      case 'Enter':
      case ' ':
        onSelect(node.id);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <ul role="tree" aria-label={label} className="vd-tree" ref={list}>
      {lines.map(({ node, level }) => {
        const isParent = node.children.length > 0;
        const isOpen = open.has(node.id);
        return (
          <li
            key={node.id}
            role="treeitem"
            aria-level={level}
            aria-selected={node.id === selected}
            {...(isParent ? { 'aria-expanded': isOpen } : {})}
            tabIndex={node.id === stop?.node.id ? 0 : -1}
            className={`vd-tree-item ${node.id === selected ? 'vd-tree-selected' : ''}`}
            style={{ paddingInlineStart: `${level - 0.5}rem` }}
            onClick={() => {
              setActive(node.id);
              onSelect(node.id);
            }}
            onKeyDown={onKeyDown}
          >
            <span
              className={`vd-tree-toggle ${isOpen ? 'vd-tree-open' : ''}`}
              aria-hidden
              onClick={(event) => {
                event.stopPropagation();
                if (isParent) toggle(node.id, !isOpen);
              }}
            >
              {isParent ? <AngleRightIcon /> : null}
            </span>
            <span className="vd-tree-label" title={node.label}>
              {node.label}
            </span>
            <span className="vd-subtle">{node.count}</span>
          </li>
        );
      })}
    </ul>
  );
}

function idOf({ id }: TreeNode): string {
  return id;
}
