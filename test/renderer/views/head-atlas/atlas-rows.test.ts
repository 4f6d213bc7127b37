import { describe, expect, it } from 'vitest'
import type { AtlasHead, HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'
import {
  atlasRows,
  conditionsOf
} from '../../../../src/renderer/src/views/head-atlas/atlas-rows.ts'

const score = (value: number, p: number) => ({
  ...{ value, p, baseline: 0.1, spread: 0.01, low: 0, high: 1, windows: 12 }
})
const head = (layer: number, head: number, previous: number, entropy: number): AtlasHead => ({
  ...{ layer, head, bestOffset: { offset: head + 1, value: previous } },
  scores: { previous_token: score(previous, previous / 10), entropy: score(entropy, 1) },
  curve: new Float64Array(0),
  uniformCurve: null
})
const names = ['previous_token', 'entropy']
const atlas: HeadAtlas = {
  ...{ layers: [0, 1], nHeads: 2, windows: 12, scores: [] },
  heads: [head(0, 0, 0.4, 2), head(0, 1, 0.1, NaN), head(1, 0, 0.35, 1), head(1, 1, 0.05, 3)]
}
function rows(text: string, by: string | null = null, descending = false): string[] {
  const { all, fault } = conditionsOf(text, names)
  expect(fault).toBe(null)
  return atlasRows(atlas, all, by === null ? null : { by, descending }).map(
    ({ layer, head }) => `${layer}.${head}`
  )
}

describe('the rows of an atlas', () => {
  it.each([
    ['', ['0.0', '0.1', '1.0', '1.1']],
    ['previous > 0.3', ['0.0', '1.0']],
    ['prev>0.3 and layer = 1', ['1.0']],
    ['previous.p <= 0.01, head=1', ['0.1', '1.1']],
    ['previous >= 0.4', ['0.0']],
    ['previous < 0.1; offset = 2', ['1.1']],
    ['entropy > 0', ['0.0', '1.0', '1.1']],
    ['previous.baseline = 0.1', ['0.0', '0.1', '1.0', '1.1']]
  ])('are those with %s', (text, found) => {
    expect(rows(text)).toEqual(found)
  })

  it.each([
    ['previous', '“previous” is not a condition such as previous > 0.3'],
    ['nonsense > 1', '“nonsense” is no score'],
    ['previous.q > 1', '“previous.q” is no score'],
    ['previous > 0.3.1', '“0.3.1” is no number']
  ])('are not asked for by %s', (text, fault) => {
    expect(conditionsOf(text, names).fault).toBe(fault)
  })

  it('are in the order of any column, what has no number last', () => {
    expect(rows('', 'previous_token', true)).toEqual(['0.0', '1.0', '0.1', '1.1'])
    expect(rows('', 'entropy', true)).toEqual(['1.1', '0.0', '1.0', '0.1'])
    expect(rows('', 'entropy')).toEqual(['1.0', '0.0', '1.1', '0.1'])
    expect(rows('', 'offset', true)).toEqual(['0.1', '1.1', '0.0', '1.0'])
  })
})
