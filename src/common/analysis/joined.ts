/** Arrays one after the other in one. */
export function joined<A extends Float32Array | Float64Array>(
  parts: readonly A[],
  Kind: new (length: number) => A
): A {
  const all = new Kind(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
