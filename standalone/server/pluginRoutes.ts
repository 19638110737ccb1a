import type { FastifyInstance } from 'fastify';
import { consoleStatus } from './consoleStatus.ts';
import { StaticFiles } from './StaticFiles.ts';

/**
 * The two addresses by which a console serves its plugins: `/api/plugins/<name>/<path>` and
 * `/locales/resource.json?lng=&ns=plugin__<name>`.
 */
export function pluginRoutes(app: FastifyInstance, pluginFolders: ReadonlyMap<string, string>) {
  const plugins = new Map([...pluginFolders].map(([name, dir]) => [name, new StaticFiles(dir)]));

  app.all<{ Params: { name: string; '*': string } }>(
    '/api/plugins/:name/*',
    async (request, reply) => {
      const { name, '*': path } = request.params;
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return reply
          .code(405)
          .header('allow', 'GET, HEAD')
          .send(consoleStatus(405, 'MethodNotAllowed', 'Plugin files can only be read.'));
      const files = plugins.get(name);
      if (!files)
        return reply
          .code(404)
          .send(consoleStatus(404, 'NotFound', `There is no plugin "${name}" in this console.`));
      if (await files.send(request, reply, path)) return reply;
      return reply
        .code(404)
        .send(
          consoleStatus(
            404,
            'NotFound',
            `The plugin "${name}" has no file "${path}". Is it built (npm run build)?`,
          ),
        );
    },
  );

  app.get<{ Querystring: { lng?: string; ns?: string } }>(
    '/locales/resource.json',
    async (request, reply) => {
      const { lng = 'en', ns = '' } = request.query;
      const name = ns.startsWith('plugin__') ? ns.slice('plugin__'.length) : undefined;
      const files = name === undefined ? undefined : plugins.get(name);
      const languages = /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/.test(lng) ? [lng, 'en'] : ['en'];
      if (files)
        for (const language of languages)
          if (await files.send(request, reply, `locales/${language}/${ns}.json`)) return reply;
      return reply
        .code(404)
        .send(consoleStatus(404, 'NotFound', `There are no texts for "${ns}" in "${lng}".`));
    },
  );
}
