type JsonObject = Record<string, unknown>;

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const text = (value: unknown): string =>
  String((value as string | number | undefined) ?? '').replaceAll(/[&<>"]/g, (sign) => escapes[sign]!);
const object = (value: unknown): JsonObject => (value ?? {}) as JsonObject;
const code = (value: unknown): string => `<code>${text(value)}</code>`;
const anchor = (name: string): string => `shape-${name}`;

/** Both documents as one page to read: no script, no request to anywhere. */
export function referencePage(openapi: JsonObject, asyncapi: JsonObject): string {
  const operations = Object.entries(object(openapi['paths'])).flatMap(([path, methods]) =>
    Object.entries(object(methods)).map(([method, operation]) => ({
      path,
      method,
      operation: object(operation),
    })),
  );
  const areas = [...new Set(operations.map(({ operation }) => String((operation['tags'] as string[])[0])))];
  const socket = object(object(object(asyncapi['channels'])['socket'])['messages']);
  const shapes = {
    ...object(object(openapi['components'])['schemas']),
    ...object(object(asyncapi['components'])['schemas']),
  };
  const nav = [...areas, 'socket', 'shapes'].map((name) => `<a href="#${name}">${name}</a>`).join(' ');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Chancery API</title><style>${style}</style></head>
<body><header><h1>Chancery API ${text(object(openapi['info'])['version'])}</h1>
<p>Base <code>/api/v1</code>. Machine-readable: <a href="openapi.json">openapi.json</a>, <a href="asyncapi.json">asyncapi.json</a>.</p>
<nav>${nav}</nav></header><main>
${areas.map((area) => section(area, operations.filter(({ operation }) => (operation['tags'] as string[])[0] === area).map(renderOperation))).join('')}
${section('socket', [`<p>${text(object(asyncapi['info'])['description'])}</p>`, ...Object.values(socket).map((message) => renderMessage(object(message)))])}
${section(
  'shapes',
  Object.entries(shapes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, schema]) =>
        `<article id="${anchor(name)}"><h3>${text(name)}</h3>${renderSchema(object(schema))}</article>`,
    ),
)}
</main></body></html>`;
}

const section = (name: string, articles: string[]) =>
  `<section id="${name}"><h2>${text(name)}</h2>${articles.join('')}</section>`;

function renderOperation({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: JsonObject;
}): string {
  const parameters = (operation['parameters'] as JsonObject[]).map((parameter) =>
    row(
      parameter['name'],
      `${String(parameter['in'])}, ${typeName(object(parameter['schema']))}`,
      parameter['description'],
    ),
  );
  const body = schemaOf(object(operation['requestBody']));
  const responses = Object.entries(object(operation['responses'])).map(([status, response]) => {
    const schema = schemaOf(object(response));
    return row(
      status,
      Number(status) < 400 && schema ? typeName(schema) : '',
      object(response)['description'],
    );
  });
  return `<article id="${text(operation['operationId'])}"><h3><b>${method.toUpperCase()}</b> ${text(path)}</h3>
<p>${text(operation['summary'])}. ${text(operation['description'])}</p>
${parameters.length > 0 ? `<h4>Parameters</h4>${table(parameters)}` : ''}
${body ? `<h4>Body</h4>${renderSchema(body)}` : ''}<h4>Answers</h4>${table(responses)}</article>`;
}

function renderMessage(message: JsonObject): string {
  const acknowledgement = object(message['x-acknowledgement'])['success'];
  return `<article><h3>${text(message['name'])}</h3><p>${text(message['summary'])}.</p>${renderSchema(object(message['payload']))}
${acknowledgement ? `<h4>Acknowledgement</h4>${renderSchema(object(acknowledgement))}` : ''}</article>`;
}

function schemaOf(part: JsonObject): JsonObject | undefined {
  const content = object(part['content']);
  const body = content['application/json'] ?? content['application/x-www-form-urlencoded'];
  return body ? object(object(body)['schema']) : undefined;
}

function renderSchema(schema: JsonObject): string {
  const properties = Object.entries(object(schema['properties']));
  const about = schema['description'] ? `<p>${text(schema['description'])}</p>` : '';
  if (properties.length === 0) return `${about}<p>${typeName(schema)}</p>`;
  const required = new Set(schema['required'] as string[] | undefined);
  return (
    about +
    table(
      properties.map(([name, property]) =>
        row(
          required.has(name) ? name : `${name}?`,
          typeName(object(property)),
          object(property)['description'],
        ),
      ),
    )
  );
}

/** A type in a few words, with links to named shapes. */
function typeName(schema: JsonObject): string {
  if (typeof schema['$ref'] === 'string') {
    const name = schema['$ref'].split('/').at(-1)!;
    return `<a href="#${anchor(name)}">${text(name)}</a>`;
  }
  const variants = (schema['anyOf'] ?? schema['oneOf']) as JsonObject[] | undefined;
  if (variants) return variants.map(typeName).join(' | ');
  if (schema['const'] !== undefined) return code(JSON.stringify(schema['const']));
  if (schema['enum'])
    return (schema['enum'] as unknown[]).map((value) => code(JSON.stringify(value))).join(' | ');
  if (schema['type'] === 'array') return `list of ${typeName(object(schema['items']))}`;
  return text(schema['format'] ?? schema['type'] ?? 'any');
}

const row = (name: unknown, type: string, about: unknown) =>
  `<tr><td>${code(name)}</td><td>${type}</td><td>${text(about)}</td></tr>`;
const table = (rows: string[]) => `<table>${rows.join('')}</table>`;

const style = `:root{color-scheme:light dark;--line:light-dark(#d9dee7,#353b47);--accent:light-dark(#2b4c9b,#7c9be8)}
body{margin:0 auto;max-width:70rem;padding:1rem 1.5rem 4rem;font:14px/1.6 "Inter","Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
a{color:var(--accent)}nav{display:flex;gap:1rem;flex-wrap:wrap}article{border-top:1px solid var(--line);padding:.5rem 0 1rem}
h2{margin-top:2.5rem}h3{font-size:15px;margin:.75rem 0 .25rem}h4{font-size:12px;margin:.75rem 0 .25rem;opacity:.75}
table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.25rem .75rem .25rem 0;vertical-align:top}td:first-child{width:14rem}td:nth-child(2){width:16rem}`;
