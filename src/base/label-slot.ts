// The field of a model object in which collectors cache its label sets.

/**
 * Classes with thousands of instances declare this field: adding it later would change their hidden class. A weak map
 * would cost time in every garbage collection.
 */
export const labelSlot = Symbol('label sets');
