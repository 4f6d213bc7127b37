import type { Taken } from '#common/analysis/analysis.ts'
import { parseHookName } from '#common/model/hooks.ts'

/**
 * Whether what a run gives has a value that is NaN or infinite. Of scores nothing is said, for masked ones are infinite; of a
 * pattern its diagonal tells: what is not finite in a token's stream is so in all that its query reads.
 */
export function isNotFinite(taken: Taken): boolean {
  if (taken.kind === 'target') return !Number.isFinite(taken.value)
  if (!('data' in taken) || taken.kind === 'weight') return false
  const { data } = taken
  if (taken.kind !== 'hook') return holds(data, 1)
  const { hook } = parseHookName(taken.hook) ?? {}
  if (hook === 'attn.hook_attn_scores') return false
  const [, queries = 0, keys = 0] = taken.shape
  if (hook !== 'attn.hook_pattern' || queries !== keys) return holds(data, 1)
  const cells = queries * keys
  for (let start = 0; start < data.length; start += cells)
    if (holds(data.subarray(start, start + cells), keys + 1)) return true
  return false
}

function holds(data: Float32Array | Float64Array, step: number): boolean {
  // 0 · NaN and 0 · ∞ are NaN, and so is what they are added to.
  let sum = 0
  for (let i = 0; i < data.length; i += step) sum += data[i]! * 0
  return Number.isNaN(sum)
}
