import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/** Turns contract shapes into JSON Schema; shapes with a name become components and are referred to. */
export class SchemaBook {
  readonly components: Record<string, JsonSchema> = {};

  /** @param direction what a client gives (input) or gets (output) */
  write(schema: z.ZodType, direction: 'input' | 'output'): JsonSchema {
    // Wrapped, so that a named shape becomes a reference even at the top.
    const document = z.toJSONSchema(z.object({ shape: schema }), { io: direction, unrepresentable: 'any' });
    for (const [name, component] of Object.entries(document.$defs ?? {})) {
      this.components[name] ??= relink(component) as JsonSchema;
    }
    return relink(document.properties?.['shape']) as JsonSchema;
  }
}

function relink(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(relink);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string'
        ? value.replace('#/$defs/', '#/components/schemas/')
        : relink(value),
    ]),
  );
}
