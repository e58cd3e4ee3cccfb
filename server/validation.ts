import type { FastifySchema, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';

/**
 * Makes the function by which fastify checks parameters: text becomes the number that a schema asks for, and
 * the error is one sentence that names the parameter, as in `ms must be <= 600000.` fastify's own validator
 * lets `Infinity` through.
 */
export const compileValidator: FastifySchemaCompiler<FastifySchema> = ({ schema }) => {
  const validator = Compile(schema as TSchema);
  return (input: unknown) => {
    const value = Value.Convert(schema as TSchema, input);
    if (validator.Check(value)) return { value };
    const [fault] = validator.Errors(value);
    const parameter = fault?.instancePath.slice(1) || 'A parameter';
    return { error: new Error(`${parameter} ${fault?.message ?? 'is not valid'}.`) };
  };
};
