/** Fills the share scope with what this build shares (webpack module federation). */
declare function __webpack_init_sharing__(scope: 'default'): Promise<void>;
declare const __webpack_share_scopes__: { default: Record<string, unknown> };

interface ImportMeta {
  /** All modules of a folder whose names match (webpack). */
  webpackContext(
    folder: string,
    options: { regExp: RegExp },
  ): { (file: string): unknown; keys(): string[] };
}

declare module '*.css';
