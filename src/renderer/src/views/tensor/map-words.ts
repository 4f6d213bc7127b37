import type { Pooling } from '#common/analysis/pool.ts'
import { pooledWords, single } from '#common/figure/views/tensor-figures.ts'
import { exactCount } from '#common/text/number-text.ts'
import type { PaneMap } from './use-tensor-maps.ts'

/** What is to be known of a map: what its cells are, and how many numbers of its part are none. */
export function mapWords({ data, result }: PaneMap, pooling: Pooling): string[] {
  const counts = (['nan', 'infinite'] as const).flatMap(of => {
    const count = single(result, of)
    return count > 0 ? [`${exactCount(count)} ${of === 'nan' ? 'NaN' : of}`] : []
  })
  return [pooledWords(data, pooling) ?? 'each weight by itself', ...counts]
}
