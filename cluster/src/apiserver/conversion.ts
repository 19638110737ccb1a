import {
  apiVersionOf,
  storageVersion,
  type AnyObject,
  type ResourceDefinition,
} from './ResourceDefinition.ts';

/** The `apiVersion` in which a resource's objects are kept. */
export function storedApiVersion(resource: ResourceDefinition): string {
  return resource.storedAs?.apiVersion ?? apiVersionOf(resource.group, storageVersion(resource));
}

/** Does it take more than another `apiVersion` to show an object of one version in another? */
export function needsConversion(resource: ResourceDefinition, from: string, to: string): boolean {
  return from !== to && resource.convert !== undefined;
}

/**
 * Objects of a resource in another version, in their order. Rejects when they cannot be converted. Without a
 * conversion versions differ in `apiVersion` alone.
 */
export async function convertObjects(
  resource: ResourceDefinition,
  objects: readonly AnyObject[],
  apiVersion: string,
): Promise<readonly AnyObject[]> {
  if (objects.every((object) => object.apiVersion === apiVersion)) return objects;
  if (resource.convert === undefined) {
    return objects.map((object) =>
      object.apiVersion === apiVersion ? object : { ...object, apiVersion },
    );
  }
  const foreign = objects.filter((object) => object.apiVersion !== apiVersion);
  const converted = await resource.convert(foreign, apiVersion);
  let next = 0;
  return objects.map((object) => {
    if (object.apiVersion === apiVersion) return object;
    const found = converted[next];
    next += 1;
    if (found === undefined) throw new Error(`${resource.kind}: fewer objects than were converted`);
    return found;
  });
}

/** One object in another version; see `convertObjects`. */
export async function convertObject(
  resource: ResourceDefinition,
  object: AnyObject,
  apiVersion: string,
): Promise<AnyObject> {
  const [converted = object] = await convertObjects(resource, [object], apiVersion);
  return converted;
}
