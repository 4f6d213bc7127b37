import type { RelativeSpec } from './attention-spec.ts'

/**
 * The bucket of each distance from a query to a key, from −`furthest`, a key before the query, to `furthest`.
 * @source transformers, `MPNetEncoder.relative_position_bucket`
 */
export function relativeBuckets({
  buckets,
  furthest
}: Pick<RelativeSpec, 'buckets' | 'furthest'>): number[] {
  const half = buckets / 2
  const exact = half / 2
  const bucketOf = (distance: number) => {
    if (distance < exact) return distance
    // Rounded as the field's models round it, for a whole number decides.
    const grown = Math.fround(
      Math.fround(Math.log(Math.fround(distance / exact))) / Math.fround(Math.log(furthest / exact))
    )
    return Math.min(half - 1, exact + Math.trunc(Math.fround(grown * (half - exact))))
  }
  return Array.from({ length: 2 * furthest + 1 }, (_, i) => {
    const distance = i - furthest
    return bucketOf(Math.abs(distance)) + (distance > 0 ? half : 0)
  })
}
