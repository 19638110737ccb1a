import '@patternfly/patternfly/patternfly-addons.css';

/**
 * Plugins bring no styles of PatternFly: a console has them all. The components that the shell does
 * not use itself are in this chunk, so that the first paint need not wait for them.
 */
const styles = import.meta.webpackContext('../../node_modules/@patternfly/react-styles/css', {
  regExp: /^\.\/(components|layouts)\/[A-Z]\w*\/[^/]*\.css$/,
});
for (const file of styles.keys()) styles(file);
