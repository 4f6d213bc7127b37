import { expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { captionDraft } from '#common/figure/caption.ts'
import { provenanceLines } from '#common/figure/provenance.ts'
import { allHeadsMade } from '#common/figure/views/all-heads-figure.ts'
import { LookParams } from '#common/figure/views/look-params.ts'

const model = { name: 'm', fingerprint: 'abcdef0123', config: { nLayers: 1 } } as ModelInfo
const source = { input: { text: 'abcde' }, edits: [], provider: 'cpu' } as unknown as Run['source']
const run = { source, tokens: Array.from({ length: 5 }, () => ({})) as unknown as Run['tokens'] }

function made(cells: number) {
  const maps = [{ shape: [1, cells, cells], data: new Float32Array(cells * cells) }]
  const whole = { model, run, layers: [0], maps, firstHidden: false, mirrored: null }
  const { from, dataset } = allHeadsMade(whole, LookParams.parse({}), '1.0.0')
  const { axes, attributes, variables } = dataset()
  const rows = axes.row!.labels
  return {
    from,
    place: provenanceLines(from)[2],
    caption: captionDraft(from, ''),
    rows,
    attributes,
    variables
  }
}

it('says of maps that are pooled how, and which tokens a row stands for', () => {
  const { place, caption, rows, attributes, variables } = made(3)
  expect(place).toBe('All heads, each cell the maximum of 2 × 2 tokens')
  expect(caption).toContain(
    'All heads, each cell the maximum of 2 × 2 tokens of m (files abcdef01)'
  )
  expect(rows).toEqual(['0…1', '2…3', '4'])
  expect(attributes).toEqual({ pooling: 'maximum', tokens: 5, tokens_each: 2 })
  expect(variables.weight!.about).toContain('rows do not sum to 1')
})

it('says nothing of it where each token has a row', () => {
  expect(made(5)).toMatchObject({ place: 'All heads', rows: null, attributes: {} })
})
