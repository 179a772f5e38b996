const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { clientApps, clientLibraries, libraries, mayUse } = require('./architecture.cjs');

const oneOf = (names) => `(${names.join('|')})`;
const isClientApp = `^apps/${oneOf(clientApps)}/`;
const isSpec = '[.]spec[.]tsx?$';

/** Whatever a library may not use, it does not import. Its specs may, besides, speak as people do: through the SDK. */
const columns = libraries.flatMap((library) => [
  column(library, `${library}-uses-what-lies-below`, { pathNot: isSpec }, mayUse(library)),
  column(library, `${library}-specs-use-what-lies-below`, { path: isSpec }, [
    ...mayUse(library),
    'client',
    'testing',
  ]),
]);

function column(library, name, { path = '', pathNot }, allowed) {
  return {
    name,
    severity: 'error',
    comment: 'Libraries stand in one column and use only those below; architecture.cjs is the table.',
    from: { path: `^libs/${library}/.*${path}`, ...(pathNot && { pathNot }) },
    to: { path: '^libs/', pathNot: `^libs/${oneOf([library, ...allowed])}/` },
  };
}

/**
 * Files that say what a thing is and what may be done with it, such as message.ts beside messages.service.ts: pure, so
 * that their specs take milliseconds.
 */
const nouns = libraries.flatMap((library) => nounsBelow(`libs/${library}/src`));

function nounsBelow(folder) {
  if (!existsSync(join(__dirname, folder))) return [];
  const entries = readdirSync(join(__dirname, folder), { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  const isNoun = (name) => {
    const noun = /^([a-z-]+)[.]ts$/.exec(name)?.[1];
    return (
      noun !== undefined &&
      (names.has(`${noun}s.service.ts`) || names.has(`${noun}.entity.ts`) || noun === 'policy')
    );
  };
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return nounsBelow(path);
    return isNoun(entry.name) ? [path.replaceAll('.', '[.]')] : [];
  });
}

module.exports = {
  forbidden: [
    ...columns,
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Two files that need each other are one thing in two places.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-is-missing',
      severity: 'error',
      comment: 'An import that leads nowhere would also hide from every other rule.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'not-into-dist',
      severity: 'error',
      comment: 'Names of libraries must lead to their sources, or edges would vanish from these rules.',
      from: {},
      to: { path: '^dist/' },
    },
    {
      name: 'by-the-door-only',
      severity: 'error',
      comment: 'A library is entered by its index.ts.',
      from: { path: '^(libs/[^/]+|apps/[^/]+|migrations|test)/' },
      to: { path: '^libs/', pathNot: ['^libs/[^/]+/src/index[.]ts$', '^$1/'] },
    },
    {
      name: 'apps-are-islands',
      severity: 'error',
      comment: 'Apps import no apps; what two of them need is a library.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libraries-know-no-apps',
      severity: 'error',
      comment: 'An app is a list of libraries, and not the other way round. Only the tests run apps.',
      from: { path: '^libs/', pathNot: '^libs/testing/' },
      to: { path: '^apps/' },
    },
    {
      name: 'browsers-know-no-servers',
      severity: 'error',
      comment: 'What runs in a browser uses the SDK and the contracts.',
      from: { path: isClientApp },
      to: { path: '^libs/', pathNot: `^libs/${oneOf(clientLibraries)}/` },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      comment: 'People who talk, a clock and broken networks have no place in the product.',
      from: { path: '^(libs|apps|migrations)/', pathNot: ['^libs/testing/', isSpec] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'migrations-stand-alone',
      severity: 'error',
      comment: 'A step of the schema says today what it said when it was released; only persistence runs it.',
      from: { path: '^migrations/' },
      to: { path: '^(libs|apps)/' },
    },
    {
      name: 'migrations-are-run-by-persistence',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: '^libs/persistence/' },
      to: { path: '^migrations/' },
    },
    {
      name: 'database-in-stores-only',
      severity: 'error',
      comment: 'TypeORM and SQL live in stores, the shape of tables in entities.',
      from: {
        path: '^(libs|apps)/',
        pathNot: ['[.](store|entity)[.]ts$', '^libs/(persistence|testing)/', isSpec],
      },
      to: { path: '^node_modules/(typeorm|pg)/' },
    },
    {
      name: 'doors-use-services',
      severity: 'error',
      comment: 'Controllers and gateways ask a service; rights are checked there.',
      from: { path: '[.](controller|gateway)[.]ts$' },
      to: { path: '[.]store[.]ts$' },
    },
    {
      name: 'stores-know-no-services',
      severity: 'error',
      comment: 'A store keeps and finds; whoever decides calls it.',
      from: { path: '[.]store[.]ts$' },
      to: { path: '[.](service|controller|gateway)[.]ts$' },
    },
    ...(nouns.length > 0
      ? [
          {
            name: 'nouns-are-pure',
            severity: 'error',
            comment: 'What a thing is can be said without a framework and without a database.',
            from: { path: `^${oneOf(nouns)}$` },
            to: { path: ['^node_modules/@nestjs/', '[.]store[.]ts$'] },
          },
        ]
      : []),
  ],
  options: {
    doNotFollow: { path: '^(node_modules|dist)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
