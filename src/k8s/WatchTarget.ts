export type WatchTarget = {
  /** Of the collection. */
  path: string;
  labelSelector: string | undefined;
  fieldSelector: string | undefined;
};
