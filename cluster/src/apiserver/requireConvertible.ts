import { ApiError } from './ApiError.ts';
import type { ResourceDefinition } from './ResourceDefinition.ts';

/**
 * Throws what Kubernetes answers when a conversion webhook fails (500, k8s.io/apiextensions-apiserver,
 * pkg/apiserver/conversion/webhook_converter.go), because none is called here. Passes when nothing has
 * to be converted: the versions (`tekton.dev/v1`) are the same, or differ in `apiVersion` alone.
 */
export function requireConvertible(resource: ResourceDefinition, from: string, to: string): void {
  if (resource.conversionWebhook === undefined || from === to) return;
  throw new ApiError(
    500,
    '',
    `conversion webhook for ${from}, Kind=${resource.kind} failed: Post ${JSON.stringify(resource.conversionWebhook)}: this server calls no conversion webhooks and cannot make ${to} of it`,
  );
}
