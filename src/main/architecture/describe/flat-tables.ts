/**
 * Tensors whose axes of length 1 are left out of those with three or more, as tables of positions have
 * that were made to be added to a batch.
 */
export function withoutUnitAxes<T extends { readonly shape: readonly number[] }>(
  tensors: ReadonlyMap<string, T>
): ReadonlyMap<string, T> {
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const shape = tensor.shape.filter(length => length !== 1)
      const flat = tensor.shape.length > 2 && shape.length === 2 && !('strides' in tensor)
      return [name, flat ? { ...tensor, shape } : tensor]
    })
  )
}
