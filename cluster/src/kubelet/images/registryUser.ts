import { fieldAt } from '../../apiserver/json.ts';
import type { Secret } from '../../client/resources.ts';

/**
 * Who a Secret of the type `kubernetes.io/dockerconfigjson` (or the older `dockercfg`) lets pull an image;
 * undefined when it knows nothing of the image's registry. Throws when the Secret is no such one.
 */
export function registryUser(
  { metadata, data = {} }: Secret,
  image: string,
): { name: string; password: string } | undefined {
  const modern = data['.dockerconfigjson'];
  const text = modern ?? data['.dockercfg'];
  if (text === undefined)
    throw new Error(`secret "${metadata.name}" holds no registry credentials`);
  const config: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
  const auths = modern === undefined ? config : fieldAt(config, ['auths']);
  if (typeof auths !== 'object' || auths === null) return undefined;
  const host = image.split('/')[0] ?? '';
  const known = Object.entries(auths).find(([registry]) => hostOf(registry) === host);
  if (!known) return undefined;
  const entry: unknown = known[1];
  const auth = fieldAt(entry, ['auth']);
  if (typeof auth === 'string') {
    const [name = '', ...password] = Buffer.from(auth, 'base64').toString().split(':');
    return { name, password: password.join(':') };
  }
  const [name, password] = [fieldAt(entry, ['username']), fieldAt(entry, ['password'])];
  return typeof name === 'string' && typeof password === 'string' ? { name, password } : undefined;
}

/** Registries are written with and without scheme and path. */
const hostOf = (registry: string) => registry.replace(/^https?:\/\//, '').split('/')[0];
