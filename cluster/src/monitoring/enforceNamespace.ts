import { parser } from '@prometheus-io/lezer-promql';

/** A query that is not PromQL; its message is for who asked. */
export class QueryError extends Error {}

/**
 * The query with a matcher of the label `namespace` in each of its selectors, so that it sees the series of
 * one namespace alone. A selector that names another one too finds nothing, as all matchers have to hold.
 * Throws a QueryError where the text is not PromQL: what is not understood is not passed on.
 *
 * As prom-label-proxy does before the Prometheus of OpenShift (pkg injectproxy/enforce.go at v0.11), except
 * that it takes a matcher of the same label out.
 */
export function enforceNamespace(query: string, namespace: string): string {
  const matcher = `namespace=${JSON.stringify(namespace)}`;
  const insertions: { at: number; text: string }[] = [];
  // Where a selector has no braces, they are set behind its name.
  let bare: number | undefined;
  const endBare = () => {
    if (bare !== undefined) insertions.push({ at: bare, text: `{${matcher}}` });
    bare = undefined;
  };
  parser.parse(query).iterate({
    enter({ type, name, from, to, node }) {
      if (type.isError) {
        throw new QueryError(`invalid parameter "query": parse error at character ${from + 1}`);
      }
      if (name === 'VectorSelector') bare = to;
      if (name === 'LabelMatchers') {
        bare = undefined;
        const isEmpty = node.firstChild === null;
        insertions.push({ at: from + 1, text: isEmpty ? matcher : `${matcher},` });
      }
    },
    leave({ name }) {
      if (name === 'VectorSelector') endBare();
    },
  });
  return insertions
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, text: more }) => text.slice(0, at) + more + text.slice(at), query);
}
