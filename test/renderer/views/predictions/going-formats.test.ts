import { describe, expect, it } from 'vitest'
import type { Generated, ModelInfo, Run } from '#common/contract/schemas.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { provenanceLines } from '#common/figure/provenance.ts'
import {
  goingFormats,
  type GoneOn
} from '../../../../src/renderer/src/views/predictions/going-formats.ts'

const source = {
  model: { path: 'm', fingerprint: 'f' },
  input: { text: 'To be' },
  edits: [{ hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0, add: null }],
  provider: 'cpu'
} as const
const step = (drawn: number | null) => ({
  ...{ token: { id: 1, text: 'e' }, taken: drawn === null, probability: 0.5, drawn },
  candidates: []
})
const gone = (steps: readonly object[], sampling: GoneOn['sampling'] = null) =>
  ({
    model: { name: 'model', fingerprint: 'f' } as ModelInfo,
    modelName: 'model',
    run: { source, tokens: [] } as unknown as Run,
    generated: {} as Generated,
    ...{ steps, sampling, weights: new Float32Array(), max: 12, told: 10, look: plainLook },
    seen: () => ({ boxes: [], room: { width: 1, height: 1 } }),
    version: '1'
  }) as unknown as GoneOn
const again = (of: GoneOn) => {
  const [figure, data] = goingFormats(of)
  if (figure?.is !== 'figure' || data?.is !== 'data') throw new Error('no figure and numbers')
  expect(data.from).toEqual(figure.from)
  return provenanceLines(figure.from).at(-1)
}
const paramsOf = (of: GoneOn) => {
  const [figure] = goingFormats(of)
  if (figure?.is !== 'figure') throw new Error('no figure')
  return provenanceLines(figure.from).at(-2)
}

describe('the command of a continuation', () => {
  it('goes on as far from the same text, with its edits', () => {
    expect(again(gone([step(0.5)]))).toBe(
      `Again: npm run --silent lamella -- generate model --text 'To be' --edit '${JSON.stringify(source.edits[0])}' --provider cpu --max 12 --top 10 --json`
    )
  })

  it('draws as it was drawn', () => {
    const sampling = { temperature: 0.7, topK: 5, topP: null, seed: 3 }
    expect(again(gone([step(0.5)], sampling))).toContain(
      '--max 12 --temperature 0.7 --top-k 5 --seed 3 --top 10 --json'
    )
  })

  it('is none where tokens were taken by hand, which is said', () => {
    expect(again(gone([step(null), step(0.5)]))).toBe(
      'Again: no command: some of its tokens were taken by hand, which no command does'
    )
    expect(paramsOf(gone([step(null), step(0.5)]))).toBe(
      'Parameters: options=--max 12 --top 10 --json'
    )
  })
})
