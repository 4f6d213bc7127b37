import { expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { isNoCommand, noCommand, type Provenance } from '#common/figure/provenance.ts'
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

/** What the figure and the numbers of a map say of how they are made again, and what they are called. */
function told(several: boolean, follows: boolean, less: ShownPattern | null = null) {
  const data = mapOf(pattern, less === null ? 'weight' : 'difference', false)
  const own = { pattern, less, data, profiles: null, modelName: 'tiny' }
  const caption = several ? 'tiny · Head 0.1' : null
  const formats = mapFormats({ ...own, caption }, { ...look, follows }, null, several, '1')
  const of = (kind: string) => {
    const found = formats.find(({ is }) => is === kind) as unknown as {
      readonly title: string
      readonly from: Provenance
    }
    const { title, from } = found
    return { title, why: isNoCommand(from.again) ? from.again.none : null }
  }
  return { figure: of('figure'), numbers: of('data') }
}

it('a map of one side has the command of its numbers, and of itself where its range is its own', () => {
  const title = 'tiny · Head 0.1 · attention'
  const known = { title, why: null }
  expect(told(true, true)).toEqual({
    figure: { title, why: noCommand.sharedRange },
    numbers: known
  })
  expect(told(true, false)).toEqual({ figure: known, numbers: known })
  expect(told(false, true)).toEqual({ figure: known, numbers: known })
})

it('a difference has the command of both', () => {
  const { figure, numbers } = told(false, true, pattern)
  expect([figure.why, numbers.why]).toEqual([null, null])
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
