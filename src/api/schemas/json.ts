// The words that schemas are written in.

export const string = { type: 'string' } as const;
export const number = { type: 'number' } as const;
export const integer = { type: 'integer' } as const;
export const boolean = { type: 'boolean' } as const;
export const list = (items: object) => ({ type: 'array', items }) as const;
export const map = (values: object) => ({ type: 'object', additionalProperties: values }) as const;

export function object(properties: Record<string, object>) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false } as const;
}
