export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

type Labels = Readonly<Record<string, string>>;
type Requirement = { key: string; operator: string; values?: string[] };

/**
 * Does the selector (metav1.LabelSelector) match? An empty selector matches everything, an absent one
 * nothing (apimachinery, LabelSelectorAsSelector).
 */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (!selector) return false;
  const equal = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  return equal && matchesRequirements(selector.matchExpressions, labels);
}

/** Requirements of label selectors and of node selectors: In, NotIn, Exists, DoesNotExist, Gt, Lt. */
export function matchesRequirements(
  requirements: readonly Requirement[] | undefined,
  labels: Labels,
): boolean {
  return (requirements ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      case 'Gt':
        return Number(value) > Number(values[0]);
      case 'Lt':
        return Number(value) < Number(values[0]);
      default:
        return false;
    }
  });
}

/** The selector as kubectl writes it: `app=web,tier in (a,b)`; '' for one that has no requirement. */
export function labelSelectorText(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
  });
  return [...equal, ...others].join(',');
}
