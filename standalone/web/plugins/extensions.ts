import type { CodeRef, Extension } from '@openshift/dynamic-plugin-sdk';
import type { ComponentType, ReactNode } from 'react';
import type { GroupVersionKind } from '../k8s/Discovery.ts';

/** The extension types of the OpenShift console that this shell honours; others are ignored. */

interface NavItem {
  id: string;
  name?: string;
  section?: string;
  perspective?: string;
  insertBefore?: string | string[];
  insertAfter?: string | string[];
  dataAttributes?: Record<string, string>;
}
interface NavLink extends NavItem {
  startsWith?: string[];
}

export type NavSection = Extension<'console.navigation/section', NavItem & Record<string, unknown>>;
export type NavSeparator = Extension<
  'console.navigation/separator',
  NavItem & Record<string, unknown>
>;
export type NavHref = Extension<
  'console.navigation/href',
  NavLink & {
    href: string;
    /** The namespace goes in front of `href`: /k8s/ns/<namespace>/<href>. */
    prefixNamespaced?: boolean;
    /** The namespace goes behind `href`: /<href>/ns/<namespace>. */
    namespaced?: boolean;
  } & Record<string, unknown>
>;
export type NavResource = Extension<
  'console.navigation/resource-ns' | 'console.navigation/resource-cluster',
  NavLink & { model: Required<GroupVersionKind> } & Record<string, unknown>
>;
export type NavExtension = NavSection | NavSeparator | NavHref | NavResource;

export type PageRoute = Extension<
  'console.page/route' | 'console.page/route/standalone',
  {
    path: string | string[];
    exact?: boolean;
    component: CodeRef<ComponentType>;
    perspective?: string;
  }
>;

export interface ResourcePageProps {
  namespace?: string | undefined;
  model?: GroupVersionKind;
  name?: string;
  /** `group~version~Kind` */
  kind?: string;
}
export type ResourcePage = Extension<
  'console.page/resource/list' | 'console.page/resource/details',
  { model: GroupVersionKind; component: CodeRef<ComponentType<ResourcePageProps>> }
>;

export type ModelFlag = Extension<
  'console.flag/model',
  { flag: string; model: Required<GroupVersionKind> }
>;
export type FlagHandler = Extension<
  'console.flag',
  { handler: CodeRef<(setFlag: (flag: string, enabled: boolean) => void) => void> }
>;
export type ContextProvider = Extension<
  'console.context-provider',
  {
    provider: CodeRef<ComponentType<{ value: unknown; children?: ReactNode }>>;
    useValueHook: CodeRef<() => unknown>;
  }
>;

export function isNavExtension(extension: Extension): extension is NavExtension {
  return (
    extension.type === 'console.navigation/section' ||
    extension.type === 'console.navigation/separator' ||
    extension.type === 'console.navigation/href' ||
    isNavResource(extension)
  );
}
export function isNavResource(extension: Extension): extension is NavResource {
  return (
    extension.type === 'console.navigation/resource-ns' ||
    extension.type === 'console.navigation/resource-cluster'
  );
}
export function isPageRoute(extension: Extension): extension is PageRoute {
  return (
    extension.type === 'console.page/route' || extension.type === 'console.page/route/standalone'
  );
}
/** Pages without masthead and navigation. */
export function isStandalonePage(extension: Extension): extension is PageRoute {
  return extension.type === 'console.page/route/standalone';
}
export function isResourcePage(extension: Extension): extension is ResourcePage {
  return (
    extension.type === 'console.page/resource/list' ||
    extension.type === 'console.page/resource/details'
  );
}
export function isModelFlag(extension: Extension): extension is ModelFlag {
  return extension.type === 'console.flag/model';
}
export function isFlagHandler(extension: Extension): extension is FlagHandler {
  return extension.type === 'console.flag';
}
export function isContextProvider(extension: Extension): extension is ContextProvider {
  return extension.type === 'console.context-provider';
}

/** Paths of a page for the router. Addresses below a page are the page's own, unless it says exact. */
export function routePaths({ properties: { path, exact } }: PageRoute): string[] {
  return [path]
    .flat()
    .map((one) => (exact || one.endsWith('*') ? one : `${one.replace(/\/$/, '')}/*`));
}
