import { expect, it } from 'vitest'
import type { Taken } from '#common/analysis/analysis.ts'
import { isNotFinite } from '../../../../src/main/workbench/analysis/not-finite.ts'

const hook = (name: string, shape: number[], ...data: number[]): Taken => ({
  ...{ kind: 'hook', hook: `blocks.0.${name}`, shape },
  data: Float32Array.from(data)
})

it.each<readonly [Taken, boolean]>([
  [hook('hook_resid_post', [2, 2], 1, -2, 3e38, 0), false],
  [hook('hook_resid_post', [2, 2], 1, -2, NaN, 0), true],
  [hook('hook_mlp_out', [1, 2], 1, -Infinity), true],
  // Masked scores are infinite.
  [hook('attn.hook_attn_scores', [1, 2, 2], 1, -Infinity, 2, 1), false],
  [hook('attn.hook_pattern', [2, 2, 2], 1, 0, 0.5, 0.5, 1, 0, 0.5, 0.5), false],
  [hook('attn.hook_pattern', [2, 2, 2], 1, 0, 0.5, 0.5, 1, 0, NaN, NaN), true],
  [hook('attn.hook_pattern', [1, 1, 2], NaN, 1), true],
  [{ kind: 'logits', positions: [0], data: Float32Array.of(1, Infinity) }, true],
  [{ kind: 'target', place: null, target: 0, value: NaN }, true],
  [{ kind: 'target', place: null, target: 0, value: -1 }, false],
  [{ kind: 'direct', part: 'mlp', layer: 0, data: Float64Array.of(NaN) }, true]
])('of %j: %s', (taken, expected) => {
  expect(isNotFinite(taken)).toBe(expected)
})
