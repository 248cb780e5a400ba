// Builders for the schemas of answers: every field has a description, and every text a redaction rule.
import * as Type from 'typebox';
import type { TextRule } from '../redaction/text-rules.ts';

export type { Static, TObject, TSchema } from 'typebox';

/** What redaction and documentation read of a schema. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  /** The only values of a text; redaction keeps these and removes any other. */
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  /** Schema of the values of a map, false for a record. */
  readonly additionalProperties?: FieldSchema | boolean;
  /** Schema of the keys of a map. */
  readonly propertyNames?: FieldSchema;
  /** The rule in src/redaction/text-rules.ts that a diagnostics bundle applies. */
  readonly 'x-redaction'?: TextRule;
}

export const integer = (description: string) => Type.Integer({ description });
export const number = (description: string) => Type.Number({ description });
export const boolean = (description: string) => Type.Boolean({ description });

export const text = (rule: TextRule, description: string) => Type.String({ description, 'x-redaction': rule });

/** A text that is one of `words`. */
export const choice = <const Words extends readonly string[]>(words: Words, description: string) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: words, description });

export const list = <Items extends Type.TSchema>(items: Items, description: string) =>
  Type.Array(items, { description });

/** An object with exactly these fields. */
export const record = <Fields extends Type.TProperties>(fields: Fields, description?: string) =>
  Type.Object(fields, { additionalProperties: false, ...(description === undefined ? {} : { description }) });

/** Numbers by name; `rule` redacts the names. */
export const numbers = (rule: TextRule, description: string, type: 'integer' | 'number' = 'integer') =>
  Type.Unsafe<Record<string, number>>({
    type: 'object',
    propertyNames: { type: 'string', 'x-redaction': rule },
    additionalProperties: { type },
    description,
  });

/** Texts by name; `rule` redacts names and texts. */
export const texts = (rule: TextRule, description: string) =>
  Type.Unsafe<Readonly<Record<string, string>>>({
    type: 'object',
    propertyNames: { type: 'string', 'x-redaction': rule },
    additionalProperties: { type: 'string', 'x-redaction': rule },
    description,
  });

/** Texts, numbers and booleans by name; the names in `removed` have values that a diagnostics bundle must not hold. */
export const facts = (removed: readonly string[], description: string) =>
  Type.Unsafe<Record<string, string | number | boolean>>({
    type: 'object',
    properties: Object.fromEntries(removed.map((name) => [name, { type: 'string', 'x-redaction': 'removed' }])),
    propertyNames: { type: 'string', 'x-redaction': 'text' },
    additionalProperties: { type: ['string', 'number', 'boolean'], 'x-redaction': 'text' },
    description,
  });

// Fields that several answers have.
export const observedAtMs = number('Time of the observation on the clock of the host, in milliseconds since 1970.');
export const address = text('endpoint', 'Address as `ip:port`, with brackets around an IPv6 address.');
export const proxy = text('text', '`dockerd` for a port that Docker publishes, otherwise empty.');
export const containerId = (description: string) => text('text', description);
