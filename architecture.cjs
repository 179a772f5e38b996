/**
 * Who may use whom, as data. The boundary check enforces it, the build takes the parts of each client from it, and the
 * picture in docs/generated/architecture.md is drawn from it.
 *
 * Layers stand above one another, and a library may use everything in the layers below its own. Within a layer it may
 * use the libraries to its right in the same row; rows of a layer do not know each other.
 */
const layers = [
  { name: 'top', about: 'pages that join domains', rows: [['administration']] },
  {
    name: 'watchers',
    about: 'follow the logs of the domains',
    rows: [['realtime', 'quality'], ['compliance']],
  },
  { name: 'domains', about: 'what people do', rows: [['messaging', 'files', 'access', 'directory']] },
  {
    name: 'ground',
    about: 'what every domain stands on',
    rows: [['governance', 'audit', 'blobs', 'keys', 'persistence', 'platform']],
  },
  { name: 'wire', about: 'what travels between clients and servers', rows: [['contracts']] },
];

/** Runs in browsers, so it knows nothing of the servers. */
const client = { name: 'client', uses: ['contracts'] };

/** Keeps what the client remembers in files, for programs in Node. */
const clientFiles = { name: 'client-files', uses: ['client', 'contracts'] };

/** Parts of pages; it is compiled with the clients that show them, and by no server. */
const clientParts = { name: 'client-parts', uses: ['client', 'contracts'] };

/** Speaks as people to the whole product; only tests may use it. */
const testing = { name: 'testing' };

/** Apps that run in a browser; every other app is a server and may use any library but `testing`. */
const clientApps = ['web', 'console'];
const clientLibraries = ['client-parts', 'client', 'contracts'];

const serverLibraries = layers.flatMap(({ rows }) => rows.flat());

/** Libraries a library may use, by its name. */
function mayUse(library) {
  if (library === client.name) return client.uses;
  if (library === clientFiles.name) return clientFiles.uses;
  if (library === clientParts.name) return clientParts.uses;
  if (library === testing.name) return [...serverLibraries, client.name];
  const level = layers.findIndex(({ rows }) => rows.flat().includes(library));
  const row = layers[level].rows.find((one) => one.includes(library));
  const below = layers.slice(level + 1).flatMap(({ rows }) => rows.flat());
  return [...row.slice(row.indexOf(library) + 1), ...below];
}

const libraries = [...serverLibraries, client.name, clientFiles.name, clientParts.name, testing.name];

module.exports = { layers, libraries, clientApps, clientLibraries, clientParts: clientParts.name, mayUse };
