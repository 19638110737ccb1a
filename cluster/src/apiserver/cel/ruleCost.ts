import type { ASTNode } from '@marcbachmann/cel-js';
import type { JsonSchema } from '../ResourceDefinition.ts';
import { celName } from './celTypes.ts';

const macros = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
/** A request is no longer than this, and an item of a list has two characters at least. */
export const longestList = (3 * 1024 * 1024) / 2;

type Scope = ReadonlyMap<string, JsonSchema>;

/** Does an expression speak of the variable? */
export function mentions(node: ASTNode, name: string): boolean {
  if (node.op === 'id' && node.args === name) return true;
  return children(node).some((child) => mentions(child, name));
}

/** How deep loops over lists and maps are nested in an expression. */
export function loopDepth(node: ASTNode): number {
  const loop = loopOf(node);
  if (loop === undefined) return Math.max(0, ...children(node).map(loopDepth));
  return Math.max(loopDepth(loop.over), 1 + Math.max(0, ...loop.body.map(loopDepth)));
}

/** Does an expression make lists that may be as long as a text? */
export function splitsTexts(node: ASTNode): boolean {
  if (node.op === 'rcall' && ['split', 'findAll'].includes(node.args[0])) return true;
  return children(node).some(splitsTexts);
}

/** How many turns the loops of an expression take at most, when `self` is a value of the schema. */
export function estimatedTurns(node: ASTNode, self: JsonSchema): number {
  return turns(node, new Map(['self', 'oldSelf'].map((name) => [name, self])));
}

function turns(node: ASTNode, scope: Scope): number {
  const loop = loopOf(node);
  if (loop === undefined) return sum(children(node), scope);
  const list = schemaOfNode(loop.over, scope);
  const item = list?.items ?? { type: 'string' };
  const inner = new Map(scope);
  if (loop.variable !== undefined) inner.set(loop.variable, item);
  const size = list?.maxItems ?? list?.maxProperties ?? longestList;
  return turns(loop.over, scope) + size * Math.max(1, sum(loop.body, inner));
}

function sum(nodes: readonly ASTNode[], scope: Scope): number {
  return nodes.reduce((all, node) => all + turns(node, scope), 0);
}

/** The schema of `self.a.b`, or of a variable of a loop; undefined for what is computed. */
function schemaOfNode(node: ASTNode, scope: Scope): JsonSchema | undefined {
  if (node.op === 'id') return scope.get(node.args);
  if (node.op !== '.') return undefined;
  const [object, field] = node.args;
  const parent = schemaOfNode(object, scope);
  const [, found] =
    Object.entries(parent?.properties ?? {}).find(([name]) => celName(name) === field) ?? [];
  return found;
}

interface Loop {
  readonly over: ASTNode;
  readonly variable: string | undefined;
  readonly body: readonly ASTNode[];
}

function loopOf(node: ASTNode): Loop | undefined {
  if (node.op !== 'rcall' || !macros.has(node.args[0])) return undefined;
  const [, over, [variable, ...body]] = node.args;
  return { over, variable: variable?.op === 'id' ? variable.args : undefined, body };
}

function children(node: ASTNode): ASTNode[] {
  const found: ASTNode[] = [];
  const visit = (part: unknown) => {
    if (Array.isArray(part)) part.forEach(visit);
    else if (isNode(part)) found.push(part);
  };
  visit(node.args);
  return found;
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}
