/* A plugin written by hand: what a build makes, in the fewest lines, to test any host with. */
(() => {
  let scope;

  const shared = async (name) => {
    const versions = Object.values(scope[name] ?? {});
    if (versions.length === 0) throw new Error(`The console does not share ${name}`);
    return (await versions[0].get())();
  };

  const modules = {
    pages: async () => {
      const React = await shared('react');
      const sdk = await shared('@openshift-console/dynamic-plugin-sdk');
      const { useTranslation } = await shared('react-i18next');
      const { useParams } = await shared('react-router-dom-v5-compat');
      const h = React.createElement;

      function Hello({ closeOverlay }) {
        return h(
          'div',
          { role: 'dialog', 'aria-label': 'Overlay' },
          h('button', { onClick: closeOverlay }, 'Close overlay'),
        );
      }

      function List({ namespace, model }) {
        const { t } = useTranslation('plugin__fixture');
        const [active] = sdk.useActiveNamespace();
        const [canCreate, isLoading] = sdk.useAccessReview({
          group: 'kubevirt.io',
          resource: 'virtualmachines',
          verb: 'create',
        });
        const openOverlay = sdk.useOverlay();
        const names = ['db-primary', 'web-1', 'web-2'];
        const facts = {
          namespace: namespace ?? 'all',
          active,
          kind: model.kind,
          flag: sdk.useFlag('HAS_MACHINES'),
          model: sdk.useK8sModel(model)[0]?.plural,
          canCreate: isLoading ? 'loading' : canCreate,
          params: useParams(),
        };
        return h(
          React.Fragment,
          null,
          h(sdk.DocumentTitle, null, 'VirtualMachines'),
          h(sdk.NamespaceBar, null),
          h(
            'section',
            { className: 'pf-v6-c-page__main-section' },
            h('h1', { className: 'pf-v6-c-content--h1' }, t('Greeting')),
            h(
              'pre',
              { 'data-test': 'facts', style: { whiteSpace: 'pre-wrap' } },
              JSON.stringify(facts),
            ),
            h(
              'button',
              { className: 'pf-v6-c-button pf-m-primary', onClick: () => openOverlay(Hello, {}) },
              'Open overlay',
            ),
            h(
              'table',
              { className: 'pf-v6-c-table pf-m-grid-md' },
              h(
                'tbody',
                { className: 'pf-v6-c-table__tbody' },
                names.map((name, index) =>
                  h(
                    'tr',
                    { key: name, className: 'pf-v6-c-table__tr' },
                    h(
                      'td',
                      { className: 'pf-v6-c-table__td' },
                      h(sdk.ResourceLink, {
                        groupVersionKind: model,
                        name,
                        namespace: namespace ?? 'default',
                      }),
                    ),
                    h(
                      'td',
                      { className: 'pf-v6-c-table__td' },
                      h(sdk.ResourceLink, {
                        groupVersionKind: { version: 'v1', kind: 'Node' },
                        name: 'node-1',
                      }),
                    ),
                    h(
                      'td',
                      { className: 'pf-v6-c-table__td' },
                      h(sdk.Timestamp, {
                        timestamp: new Date(Date.now() - index * 400_000).toISOString(),
                      }),
                    ),
                  ),
                ),
              ),
            ),
          ),
        );
      }

      function Details(props) {
        return h(
          'section',
          { className: 'pf-v6-c-page__main-section' },
          h('h1', null, props.name),
          JSON.stringify(props),
        );
      }

      function Broken() {
        throw new Error('The fixture breaks here on purpose');
      }

      return { List, Details, Broken };
    },
  };

  globalThis.__load_plugin_entry__('fixture', {
    init(sharedScope) {
      scope = sharedScope;
    },
    async get(request) {
      const load = modules[request.replace(/^\.\//, '')];
      if (!load) throw new Error(`The fixture has no module ${request}`);
      const loaded = await load();
      return () => loaded;
    },
  });
})();
