import type { FastifySchema, FastifySchemaCompiler } from 'fastify';
import type { Static, TObject } from 'typebox';
import { Compile } from 'typebox/compile';

/** Number() also reads '' as 0, ' 1 ' as 1 and 0x10 as 16, which users hardly intend. */
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** A parameter that cannot be used; the message is one sentence that names it. */
export class ParameterError extends Error {
  readonly statusCode = 400;
}

/**
 * Makes a function that reads parameters: text becomes the number that the schema asks for.
 *
 * @returns a function that returns the parameters, or throws ParameterError
 */
export function createReader<Schema extends TObject>(schema: Schema): (input: unknown) => Static<Schema> {
  const validator = Compile(schema);
  const numbers = new Set(
    Object.entries(schema.properties).flatMap(([name, property]) =>
      'type' in property && (property.type === 'number' || property.type === 'integer') ? [name] : [],
    ),
  );
  return (input) => {
    const value = { ...(input as Record<string, unknown>) };
    for (const name in value) {
      const text = value[name];
      if (typeof text === 'string' && numbers.has(name) && DECIMAL.test(text)) value[name] = Number(text);
    }
    if (validator.Check(value)) return value;
    throw new ParameterError(sentenceOf(schema, value, validator.Errors(value)));
  };
}

/** The same as a validator compiler for fastify. */
export const compileValidator: FastifySchemaCompiler<FastifySchema> = ({ schema }) => {
  const read = createReader(schema as TObject);
  return (input: unknown) => {
    try {
      return { value: read(input) };
    } catch (error) {
      return { error: error as ParameterError };
    }
  };
};

type Fault = ReturnType<ReturnType<typeof Compile>['Errors']>[number];

function sentenceOf(schema: TObject, value: Record<string, unknown>, faults: readonly Fault[]): string {
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(schema.properties, name));
  if (unknown !== undefined && 'additionalProperties' in schema)
    return `${unknown} is not a parameter here; there is ${Object.keys(schema.properties).join(', ')}.`;
  const fault = faults.find(({ instancePath }) => instancePath !== '');
  const name = fault?.instancePath.split('/')[1] ?? 'A parameter';
  if (Array.isArray(value[name])) return `${name} must be given once.`;
  const property = schema.properties[name];
  if (property !== undefined && 'enum' in property)
    return `${name} must be one of ${(property.enum as string[]).join(', ')}.`;
  return `${name} ${fault?.message ?? 'is not valid'}.`;
}
