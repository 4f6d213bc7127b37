import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { readGolden } from '../compare.ts'
import { golden } from '../models.ts'
import { analysed, modelIn, sharedWorkbench } from '../workbench.ts'
import { relativeDifference, tensorModels, tensorScalars } from './weight-references.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const matrices = (name: string) =>
  tensorScalars(name).filter(([, { stableRank }]) => stableRank !== undefined)

/** The numbers of one tensor, those beyond its own being NaN. */
function rowOf(result: Dataset, name: string, tensor: string): number[] {
  const { data } = variable(result, name)
  const labels = result.axes['tensor']!.labels!
  const width = data.length / labels.length
  const at = labels.indexOf(tensor)
  return [...data.subarray(at * width, (at + 1) * width)].filter(value => !Number.isNaN(value))
}

const opened = (folder: string) => modelIn(workbench, folder)

describe.each(tensorModels)('spectrum of $name', ({ name, folder }) => {
  let result: Dataset
  beforeAll(async () => {
    result = await analysed(workbench, await opened(folder), 'spectrum')
  })

  it('has the singular values that NumPy computes, of every matrix', async () => {
    const { read } = await readGolden(join(golden, 'analysis/weights', `${name}.safetensors`))
    expect([...result.axes['tensor']!.labels!].sort()).toEqual(
      matrices(name)
        .map(([tensor]) => tensor)
        .sort()
    )
    for (const [tensor] of matrices(name)) {
      const expected = await read(`${tensor}/singular_values`)
      const found = rowOf(result, 'singular_values', tensor)
      expect(found.length).toBe(expected.length)
      expected.forEach((value, i) =>
        expect(relativeDifference(found[i]!, value), `${tensor} ${i}`).toBeLessThan(1e-6)
      )
      expect(rowOf(result, 'cumulative', tensor).at(-1)).toBeCloseTo(1, 12)
    }
  })

  it('has the ranks and both power laws', () => {
    for (const [tensor, expected] of matrices(name)) {
      const of = (name: string) => rowOf(result, name, tensor)[0] ?? NaN
      for (const field of [
        'stableRank',
        'effectiveRank',
        'effectiveRankEnergy',
        'rank',
        'conditionNumber'
      ])
        expect(
          relativeDifference(of(field), expected[field] as number | null),
          `${tensor} ${field}`
        ).toBeLessThan(1e-5)
      const exact = expected['exact'] as Record<string, number | null>
      for (const [prefix, law] of [
        ['', expected],
        ['exact_', exact]
      ] as const) {
        // Another xmin may win by rounding.
        if (Number(expected['margin'] ?? 1) < 1e-6) continue
        for (const field of ['alpha', 'xmin', 'ksDistance', 'tail'])
          expect(
            relativeDifference(of(`${prefix}${field}`), law[field] as number | null),
            `${tensor} ${prefix}${field}: ${of(`${prefix}${field}`)}, expected ${String(law[field])}`
          ).toBeLessThan(1e-4)
      }
      expect(of('bulk_upper')).toBeGreaterThan(of('bulk_lower'))
    }
  })
})

describe.each(tensorModels)('weight-pca of $name', ({ name, folder }) => {
  it.each([
    [false, 'pca_ratio'],
    [true, 'pca_ratio_standardised']
  ])(
    'is what scikit-learn computes of every matrix, standardised: %s',
    async (standardised, field) => {
      const result = await analysed(workbench, await opened(folder), 'weight-pca', { standardised })
      const { read, shape } = await readGolden(
        join(golden, 'analysis/weights', `${name}.safetensors`)
      )
      for (const [tensor, scalars] of matrices(name)) {
        const expected = await read(`${tensor}/${field}`)
        const found = rowOf(result, 'pca_ratio', tensor)
        expect(found.length).toBe(expected.length)
        expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(1e-7))
        if (standardised || Number(scalars['pcaGap']) < 0.01) continue
        const scores = await read(`${tensor}/pca_scores`)
        const own = rowOf(result, 'pca_scores', tensor)
        expect(own.length).toBe(scores.length)
        const [rows = 0] = shape(`${tensor}/pca_scores`)
        for (const component of [0, 1]) {
          const of = (all: ArrayLike<number>) =>
            Array.from({ length: rows }, (_, row) => all[2 * row + component]!)
          const [theirs, ours] = [of(scores), of(own)]
          const largest = Math.max(...theirs.map(Math.abs))
          const dot = theirs.reduce((sum, value, row) => sum + value * ours[row]!, 0)
          theirs.forEach((value, row) =>
            expect(Math.abs(value - Math.sign(dot) * ours[row]!)).toBeLessThan(1e-4 * largest)
          )
        }
      }
    }
  )
})

describe('spectrum and weight-pca of some tensors', () => {
  const { folder } = tensorModels[0]!
  it('leave out and name what is no matrix', async () => {
    const model = await opened(folder)
    const tensors = ['transformer.h.0.ln_1.weight', 'transformer.h.0.attn.c_proj.weight']
    for (const name of ['spectrum', 'weight-pca']) {
      const { attributes, axes } = await analysed(workbench, model, name, { tensors })
      expect(attributes['left_out']).toEqual([
        'transformer.h.0.ln_1.weight: of [128], is no matrix'
      ])
      expect(axes['tensor']!.labels).toEqual([tensors[1]])
      await expect(analysed(workbench, model, name, { tensors: [tensors[0]!] })).rejects.toThrow(
        'has no tensor of those that were asked for'
      )
    }
  })

  it('say how many singular values are given of how many', async () => {
    const { attributes, axes } = await analysed(workbench, await opened(folder), 'spectrum', {
      roles: ['W_O'],
      layers: [1],
      heads: [2],
      values: 3
    })
    expect(axes['value']!.length).toBe(3)
    expect(attributes['values']).toMatch(/the largest 3 of up to 32 singular values/)
  })

  it.each([
    ['spectrum', { values: 0 }, 'values: expected at least 1'],
    ['weight-pca', { components: 99 }, 'components: expected at most 16'],
    ['weight-pca', { standardised: 'yes' }, 'standardised: expected']
  ])('%s refuses %j', async (name, params, message) => {
    await expect(analysed(workbench, await opened(folder), name, params)).rejects.toThrow(message)
  })
})
