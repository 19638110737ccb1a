import type { LabelSelector } from '../../client/labelSelector.ts';
import type { StatusCause } from '../ApiError.ts';
import { forbiddenAt, invalidAt, required } from '../causes.ts';

/** What is wrong with a label selector: ValidateLabelSelector of apimachinery (v1.33). */
export function selectorCauses(
  path: string,
  { matchExpressions = [] }: LabelSelector = {},
): StatusCause[] {
  return matchExpressions.flatMap(({ operator, values = [] }, index) => {
    const field = `${path}.matchExpressions[${index}]`;
    switch (operator) {
      case 'In':
      case 'NotIn':
        return values.length > 0
          ? []
          : [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
      case 'Exists':
      case 'DoesNotExist':
        return values.length === 0
          ? []
          : [
              forbiddenAt(
                `${field}.values`,
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
              ),
            ];
      default:
        return [invalidAt(`${field}.operator`, operator, 'not a valid selector operator')];
    }
  });
}
