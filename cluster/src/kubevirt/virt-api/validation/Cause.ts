/** One entry of `details.causes` of a rejection. `field` is a path as KubeVirt's webhooks write it. */
export interface Cause {
  reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueNotSupported'
    | 'FieldValueNotFound'
    | 'FieldValueDuplicate';
  message: string;
  field: string;
}

export const invalid = (field: string, message: string): Cause => ({
  reason: 'FieldValueInvalid',
  field,
  message,
});
export const required = (field: string, message: string): Cause => ({
  reason: 'FieldValueRequired',
  field,
  message,
});
export const notSupported = (field: string, message: string): Cause => ({
  reason: 'FieldValueNotSupported',
  field,
  message,
});
export const duplicate = (field: string, message: string): Cause => ({
  reason: 'FieldValueDuplicate',
  field,
  message,
});
