import { expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { mapOf, patternFigure } from '#common/figure/views/pattern-figure.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { mapFormats } from '../../../../src/renderer/src/ui/attention-map/map-formats.ts'
import type { ShownPattern } from '../../../../src/renderer/src/ui/attention-map/pattern.ts'

const model = { name: 'tiny', fingerprint: 'abc' } as ModelInfo
const source = { input: { text: 'a' }, edits: [], provider: 'cpu' } as unknown as Run['source']
const own = { piece: 'a', text: 'a', special: false } as ShownPattern['tokens'][number]
const pattern: ShownPattern = {
  ...{
    model,
    run: { source, tokens: [{ id: 7 }] } as unknown as Run,
    name: 'Head 0.1',
    unit: null
  },
  ...{ data: Float32Array.of(1), tokens: [own], visibility: null, firstHidden: false },
  ...{ baseline: false, precision: 'float16', extent: { low: 0, high: 1 } },
  again: { view: 'attention', params: { layer: 0, head: 1 } }
}
const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'sqrt', follows: true, pooling: 'maximum' },
  range: { low: 0, high: 1 }
}

it('a difference has the command of both', () => {
  const data = mapOf(pattern, 'difference', false)
  const shown = {
    pattern,
    less: pattern,
    data,
    profiles: null,
    caption: 'a, less b',
    modelName: 'tiny'
  }
  for (const format of mapFormats(shown, look, null, '1')) {
    if (format.is === 'file' || 'panels' in format.from) throw new Error('not of one figure')
    expect(format.from.again).toMatchObject({ view: 'attention', sides: 'difference' })
  }
})

it('numbers of a map say what they are, and of which tokens', () => {
  const of = (firstHidden: boolean, less: ShownPattern | null) => {
    const own = { ...pattern, firstHidden }
    const data = mapOf(own, less === null ? 'weight' : 'difference', false)
    const figure = patternFigure({ pattern: own, less, data, profiles: null, caption: null }, '1')
    return figure.dataset()
  }
  const { variables, attributes } = of(false, null)
  expect(attributes).toEqual({ input_ids: [7] })
  const unseen = '0 where the key is not seen'
  expect(variables.weight!.about).toBe(`attention weight of each query to each key; ${unseen}`)
  expect(of(true, null).variables.weight!.about).toBe(
    `attention weight of each query to each key, renormalised without the first token; ${unseen}`
  )
  expect(of(false, pattern).variables.difference!.about).toBe(
    `difference of weights of each query to each key; ${unseen}`
  )
})
