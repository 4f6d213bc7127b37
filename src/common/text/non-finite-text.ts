import type { NonFiniteCount } from '../analysis/non-finite-count.ts'
import type { ValueCheck } from '../analysis/value-check.ts'
import type { Run } from '../contract/schemas.ts'
import { exactCount } from './number-text.ts'

/** Where the values of a run stop being finite: `NaN or infinite values from block 2 on`. */
export function nonFiniteText(first: NonNullable<Run['firstNonFinite']>): string {
  const part = first === 'embedding' ? 'the embedding' : `block ${first}`
  return `NaN or infinite values from ${part} on`
}

/** How many of each: `2 NaN, 1 infinite`. */
export function nonFiniteCountText({ nan, infinite }: NonFiniteCount): string {
  return [
    nan > 0 ? `${exactCount(nan)} NaN` : '',
    infinite > 0 ? `${exactCount(infinite)} infinite` : ''
  ]
    .filter(Boolean)
    .join(', ')
}

/** What a check of a model's values found: `1 of 52 tensors holds NaN or infinite values`. */
export function valueCheckText({ tensors, values, notFinite }: ValueCheck): string {
  if (tensors === 0) return 'No tensor holds floating-point values'
  if (notFinite.length === 0) return `All ${exactCount(values)} values are finite`
  const holds = notFinite.length === 1 ? 'holds' : 'hold'
  return `${exactCount(notFinite.length)} of ${exactCount(tensors)} tensors ${holds} NaN or infinite values`
}
