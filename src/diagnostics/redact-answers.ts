// Redacts answers of the control plane: a walk over each value and its schema, whose marks name the rules.
import type { FieldSchema } from '../api/fields.ts';
import { type Answers, resources } from '../api/resources/index.ts';
import type { Scrubber } from '../redaction/scrub.ts';
import { TEXT_RULES, type TextRule } from '../redaction/text-rules.ts';

/** Returns the replacement of a text. */
type Replace = (text: string, rule: TextRule) => string;

/** Throws TypeError for a value that does not have the form of the answer; missing fields are permitted. */
export function checkAnswer(part: keyof Answers, answer: unknown): void {
  mapTexts(resources[part].fields, answer, (text) => text);
}

export function redactAnswer(part: keyof Answers, answer: unknown, scrubber: Scrubber): unknown {
  return mapTexts(resources[part].fields, answer, (text, rule) => TEXT_RULES[rule](text, scrubber));
}

/** Registers the names in an answer, so that the scrubber finds them in every text. */
export function learnAnswer(part: keyof Answers, answer: unknown, scrubber: Scrubber): void {
  mapTexts(resources[part].fields, answer, (text, rule) => {
    if (rule === 'hostname') scrubber.addHost(text);
    if (rule === 'account') scrubber.addAccount(text);
    if (rule === 'service') scrubber.addService(text);
    if (rule === 'program') scrubber.addProgram(text);
    if (rule === 'domain') scrubber.addDomain(text);
    scrubber.addPath(text);
    return text;
  });
}

/**
 * A copy of `value` with replaced texts. Fields that the schema does not have are removed: a newer agent may have put
 * anything into them. Throws TypeError for a value of another type than the schema's.
 */
export function mapTexts(schema: FieldSchema, value: unknown, replace: Replace, path = 'answer'): unknown {
  const type = typeOf(value);
  const allowed = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (!allowed.some((each) => each === type || (each === 'integer' && type === 'number')))
    throw new TypeError(`${path} is of type ${type}, not ${allowed.join(' or ')}`);
  if (typeof value === 'string') return mapText(schema, value, replace, path);
  if (Array.isArray(value)) return value.map((each, i) => mapTexts(schema.items ?? {}, each, replace, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return value;
  const { properties = {}, propertyNames = {}, additionalProperties } = schema;
  const entries = Object.entries(value).flatMap(([name, each]): [string, unknown][] => {
    if (Object.hasOwn(properties, name)) return [[name, mapTexts(properties[name]!, each, replace, `${path}.${name}`)]];
    if (typeof additionalProperties !== 'object') return [];
    const key = mapText(propertyNames, name, replace, path);
    return [[key, mapTexts(additionalProperties, each, replace, `${path}.*`)]];
  });
  return Object.fromEntries(entries);
}

function mapText(schema: FieldSchema, text: string, replace: Replace, path: string): string {
  if (schema.enum) return schema.enum.includes(text) ? text : '*';
  const rule = schema['x-redaction'];
  if (!rule) throw new TypeError(`${path} has no redaction rule`);
  return replace(text, rule);
}

/** Name of the type in JSON Schema. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
