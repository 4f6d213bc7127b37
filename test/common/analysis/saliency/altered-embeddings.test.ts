import { expect, it } from 'vitest'
import { noisyRuns, unseen } from '#common/analysis/saliency/altered-embeddings.ts'

it('noise is Gaussian of as many ranges of the embedding, whatever its mean', () => {
  // Between 10 and 14.
  const x = Float32Array.from({ length: 3000 }, (_, i) => 12 + 2 * Math.sin(i))
  const runs = noisyRuns(x, { samples: 2, noise: 0.25, seed: 3 })
  expect(runs.map(({ weight }) => weight)).toEqual([0.5, 0.5])
  for (const { edits } of runs) {
    const add = edits[0]!.add as number[]
    const mean = add.reduce((sum, own) => sum + own, 0) / add.length
    const variance = add.reduce((sum, own) => sum + (own - mean) ** 2, 0) / add.length
    expect(mean).toBeCloseTo(0, 1)
    expect(Math.abs(Math.sqrt(variance) - 1)).toBeLessThan(0.05)
  }
  expect(runs[0]!.edits).not.toEqual(runs[1]!.edits)
})

it('a token is unseen by those before it and after it, in every layer', () => {
  const edits = unseen(1, 4, 2)
  expect(edits.map(({ hook }) => hook)).toEqual([
    'blocks.0.attn.hook_attn_scores',
    'blocks.1.attn.hook_attn_scores'
  ])
  for (const { at } of edits) expect(at).toEqual({ query: [0, 2, 3], key: [1] })
})
