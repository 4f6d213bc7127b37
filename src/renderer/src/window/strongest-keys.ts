import type { Tensor } from '#common/model/tensor.ts'

/** The strongest keys of one query, strongest first. */
export function strongestKeys(
  pattern: Tensor,
  query: number,
  count: number
): { key: number; weight: number }[] {
  const [size = 0] = pattern.shape
  const row = pattern.data.subarray(query * size, (query + 1) * size)
  return [...row]
    .map((weight, key) => ({ key, weight }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count)
}
