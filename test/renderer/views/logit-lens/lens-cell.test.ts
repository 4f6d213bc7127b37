import { describe, expect, it } from 'vitest'
import { axis, dataset, type Variable } from '#common/data/dataset.ts'
import { lensCell } from '../../../../src/renderer/src/views/logit-lens/lens-cell.ts'

const variable = (axes: string[], data: Variable['data']) => ({ axes, data, unit: '', about: '' })
/** One layer's MLP over two tokens. */
const result = dataset(
  { layer: axis(1), pos: axis(2), predicted: axis(1), rank: axis(2), token: axis(1) },
  {
    'mlp_out.top': variable(['layer', 'pos', 'rank'], Int32Array.of(5, 3, 4, 7)),
    'mlp_out.top_prob': variable(['layer', 'pos', 'rank'], Float64Array.of(0.5, 0.25, 0.75, 0.125)),
    'mlp_out.kl_final_lens': variable(['layer', 'pos'], Float64Array.of(1, 2)),
    'mlp_out.entropy': variable(['layer', 'pos'], Float64Array.of(3, 4)),
    'mlp_out.next_rank': variable(['layer', 'predicted'], Int32Array.of(6)),
    'mlp_out.next_prob': variable(['layer', 'predicted'], Float64Array.of(0.0625)),
    'mlp_out.token_rank': variable(['layer', 'pos', 'token'], Int32Array.of(8, 9)),
    'mlp_out.token_prob': variable(['layer', 'pos', 'token'], Float64Array.of(0.25, 0.375)),
    predicted_token: variable(['predicted'], Int32Array.of(4)),
    asked_token: variable(['token'], Int32Array.of(7))
  }
)
const cell = (target: number | null, position: number) =>
  lensCell(result, 'mlp_out', target, { stream: 0, position })

describe('what a cell says', () => {
  it('is its top tokens, its distance and where the next token stands, which the last has none of', () => {
    expect(cell(null, 0)).toEqual({
      top: [
        { id: 5, probability: 0.5 },
        { id: 3, probability: 0.25 }
      ],
      ...{ kl: 1, entropy: 3 },
      target: { id: 4, rank: 6, probability: 0.0625 }
    })
    expect(cell(null, 1)).toMatchObject({ kl: 2, target: null })
  })

  it('is of a token that is looked for at every position', () => {
    expect(cell(7, 1).target).toEqual({ id: 7, rank: 9, probability: 0.375 })
    expect(cell(6, 1).target).toBeNull()
  })
})
