import { describe, expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
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
    ...{ steps, sampling, max: 12, told: 10, look: plainLook },
    seen: { boxes: [], room: { width: 300, height: 1 }, mirrored: false },
    version: '1'
  }) as unknown as GoneOn
const again = (of: GoneOn) => {
  const [figure, data] = goingFormats(of)
  if (figure?.is !== 'figure' || data?.is !== 'data') throw new Error('no figure and numbers')
  expect(data.from).toEqual(figure.from)
  return provenanceLines(figure.from).at(-1)
}
describe('the command of a continuation', () => {
  it('goes on as far from the same text, with its edits', () => {
    expect(again(gone([step(0.5)]))).toBe(
      `Again: npm run --silent lamella -- figure model --view continuation --set max=12 --set top=10 --set line=300 --set mirrored=false --set colors=greys --set scale=linear --text 'To be' --edit '${JSON.stringify(source.edits[0])}' --provider cpu --out figure.pdf`
    )
  })

  it('draws as it was drawn', () => {
    const sampling = { temperature: 0.7, topK: 5, topP: null, seed: 3 }
    expect(again(gone([step(0.5)], sampling))).toContain(
      `--set 'sampling={"temperature":0.7,"topK":5,"topP":null,"seed":3}'`
    )
  })

  it('goes on with the tokens that were taken by hand', () => {
    expect(again(gone([step(null), step(0.5)]))).toContain("--set 'path=[1]' --set 'taken=[0]'")
  })
})
