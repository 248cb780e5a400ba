// Room on an object for what the collectors keep with it.

/**
 * An object of which there are thousands declares this field: one that comes later costs each of them an object more. A weak map
 * would cost time at every garbage collection.
 */
export const labelSlot = Symbol('label sets');
