import { describe, expect, it } from 'vitest'
import { findingsOf } from '#common/analysis/health/findings.ts'
import type { MatrixMeasures, MeasuredTensor } from '#common/analysis/health/measured-tensor.ts'
import { usualSizes } from '#common/analysis/health/usual-sizes.ts'

const none = { count: 0, first: [] }
const side = { dead: none, duplicates: none, largest: { at: 0, ratio: 1 } }
const matrix: MatrixMeasures = {
  ...{ rows: side, columns: side, rankShare: 0.5, isRankSampled: false },
  ...{ isUntouched: false, untrainedFrom: null }
}
const statistics: MeasuredTensor['statistics'] = {
  ...{ count: 1600, mean: 0, min: -1, max: 1, std: 0.5, std1: 0.5, norm: 20, skewness: 0 },
  ...{ kurtosis: 0, zeros: 0, nan: 0, infinite: 0, ks: 0.01, ksP: 0.5, ks1: 0.01 }
}
/** A sound matrix of a block, but for what is given of it. */
function tensor({
  of = {},
  numbers = {},
  ...own
}: Partial<MeasuredTensor> & {
  readonly of?: Partial<MatrixMeasures>
  readonly numbers?: Partial<MeasuredTensor['statistics']>
} = {}): MeasuredTensor {
  return {
    ...{ name: 'h.0.w', layer: 0, category: 'mlp', shape: [40, 40], rms: 0.3 },
    ...{ statistics: { ...statistics, ...numbers }, matrix: { ...matrix, ...of } },
    ...own
  }
}
const kinds = (...tensors: readonly MeasuredTensor[]) =>
  findingsOf(tensors).findings.map(({ kind }) => kind)
const rowOf = (ratio: number) => ({ rows: { ...side, largest: { at: 3, ratio } } })
const columnOf = (ratio: number) => ({ columns: { ...side, largest: { at: 3, ratio } } })
const rankOf = (rankShare: number) => ({ of: { rankShare } })

describe('a finding', () => {
  it.each([
    ['mostly-zero', tensor({ numbers: { zeros: 0.5 } }), tensor({ numbers: { zeros: 0.51 } })],
    ['exploding-weight', tensor({ numbers: { min: -1e4 } }), tensor({ numbers: { min: -10_001 } })],
    ['exploding-weight', tensor({ numbers: { max: 1e4 } }), tensor({ numbers: { max: 10_001 } })],
    ['exploding-rows', tensor({ of: rowOf(20) }), tensor({ of: rowOf(20.1) })],
    ['exploding-columns', tensor({ of: columnOf(20) }), tensor({ of: columnOf(20.1) })],
    ['rank-collapse', tensor(rankOf(0.05)), tensor(rankOf(0.0499))],
    // Of few directions none can be missing, and positions are alike for good.
    ['rank-collapse', tensor({ ...rankOf(0), shape: [40, 19] }), tensor({ ...rankOf(0), shape: [40, 20] })], // prettier-ignore
    ['rank-collapse', tensor({ ...rankOf(0), category: 'position' }), tensor(rankOf(0))],
    ['not-finite', tensor(), tensor({ numbers: { infinite: 1 }, matrix: null })],
    ['constant', tensor({ numbers: { count: 1, min: 1, max: 1 }, matrix: null }), tensor({ numbers: { min: 1 } })] // prettier-ignore
  ] as const)('%s begins beyond its threshold', (kind, sound, faulty) => {
    expect(kinds(sound)).toEqual([])
    expect(kinds(faulty)).toEqual([kind])
  })

  it('of rows or columns is none where all of them are so', () => {
    const dead = (count: number) => ({ of: { rows: { ...side, dead: { count, first: [0] } } } })
    expect(kinds(tensor(dead(39)))).toEqual(['dead-rows'])
    expect(kinds(tensor(dead(40)))).toEqual([])
    const same = (count: number) => ({
      of: { columns: { ...side, duplicates: { count, first: [1] } } }
    })
    expect(kinds(tensor(same(38)))).toEqual(['duplicate-columns'])
    expect(kinds(tensor(same(39)))).toEqual([])
    const many = { count: 40_000, first: Array.from({ length: 10 }, (_, i) => i) }
    const [found] = findingsOf([
      tensor({ shape: [50_257, 40], of: { rows: { ...side, dead: many } } })
    ]).findings
    expect(found!.text).toBe('40,000 of 50,257 rows are dead: 0, 1, 2, 3, 4 …')
  })

  it('of a layer is by the median of the same tensor of three layers and more', () => {
    const layers = (...sizes: readonly number[]) =>
      sizes.map((rms, layer) => tensor({ name: `h.${layer}.w`, layer, rms }))
    expect(kinds(...layers(1, 1, 3))).toEqual([])
    expect(kinds(...layers(1, 1, 3.1))).toEqual(['layer-deviates'])
    expect(kinds(...layers(1, 1, 0.34))).toEqual([])
    expect(kinds(...layers(1, 1, 0.33))).toEqual(['layer-deviates'])
    expect(kinds(...layers(1, 1, 10))).toEqual(['layer-deviates'])
    expect(kinds(...layers(1, 1, 10.1))).toEqual(['exploding-norm'])
    expect(kinds(...layers(1, 100))).toEqual([])
    const sizeOf = usualSizes(layers(1, 2, 4, 8))
    expect(sizeOf(tensor({ name: 'h.2.w', layer: 2, rms: 4 }))).toBeCloseTo(4 / 3, 12)
    expect(sizeOf(tensor({ name: 'h.2.other', layer: 2 }))).toBeNaN()
  })

  it('of a model that is untrained is of three quarters of the matrices', () => {
    const untouched = tensor({ of: { isUntouched: true }, layer: null, name: 'a' })
    const trained = tensor({ layer: null, name: 'b' })
    const of = (count: number) => [
      ...Array<MeasuredTensor>(count).fill(untouched),
      ...Array<MeasuredTensor>(4 - count).fill(trained)
    ]
    expect(findingsOf(of(3)).verdict).toBe('untrained')
    expect(findingsOf(of(2)).verdict).toBe('trained')
    // One among trained ones has to be of a size that is drawn, too.
    const drawn = tensor({ of: { isUntouched: true }, layer: null, numbers: { std: 0.02 } })
    expect(findingsOf([drawn, trained, trained]).verdict).toBe('partly untouched')
  })
})
