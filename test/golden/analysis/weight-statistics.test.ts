import { beforeAll, describe, expect, it } from 'vitest'
import { variable, type Dataset } from '#common/data/dataset.ts'
import { analysed, modelIn, sharedWorkbench } from '../workbench.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { relativeDifference, tensorModels, tensorScalars } from './weight-references.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const relative = ['count', 'min', 'max', 'std', 'std1', 'norm', 'skewness', 'kurtosis', 'zeros']

describe.each(tensorModels)('weight-statistics of $name', ({ name, folder }) => {
  let result: Dataset
  beforeAll(async () => {
    const model = await modelIn(workbench, folder)
    result = await analysed(workbench, model, 'weight-statistics')
  })

  it('is what NumPy and SciPy compute of every tensor', () => {
    const labels = result.axes['tensor']!.labels!
    const references = tensorScalars(name)
    expect([...labels].sort()).toEqual(references.map(([tensor]) => tensor).sort())
    for (const [tensor, expected] of references) {
      const row = labels.indexOf(tensor)
      const of = (name: string) => variable(result, name).data[row]!
      for (const field of relative)
        expect(
          relativeDifference(of(field), expected[field] as number | null),
          `${tensor} ${field}: ${of(field)}, expected ${String(expected[field])}`
        ).toBeLessThan(1e-5)
      // A mean may come to nearly nothing: by the size of the numbers.
      expect(Math.abs(of('mean') - Number(expected['mean'])), tensor).toBeLessThan(
        1e-10 * Number(expected['std'] ?? 1) + 1e-10
      )
      if (expected['ks'] == null) {
        for (const field of ['ks', 'ks1', 'ksP']) expect(of(field)).toBeNaN()
        continue
      }
      for (const field of ['ks', 'ks1'])
        expect(Math.abs(of(field) - Number(expected[field])), `${tensor} ${field}`).toBeLessThan(
          1e-9
        )
      const p = Number(expected['ksP'])
      if (p > 1e-12) expect(relativeDifference(of('ksP'), p), `${tensor} ksP`).toBeLessThan(1e-3)
      else expect(of('ksP')).toBeLessThan(1e-11)
    }
  })

  it('has the quartiles of the variances of rows and of columns', () => {
    const labels = result.axes['tensor']!.labels!
    let matrices = 0
    for (const [tensor, expected] of tensorScalars(name))
      for (const side of ['variance_rows', 'variance_columns']) {
        const found = variable(result, side).data.subarray(
          5 * labels.indexOf(tensor),
          5 * labels.indexOf(tensor) + 5
        )
        const known = expected[side] as number[] | undefined
        if (known === undefined) {
          expect([...found]).toEqual(Array(5).fill(NaN))
          continue
        }
        matrices++
        known.forEach((value, i) =>
          expect(relativeDifference(found[i]!, value), `${tensor} ${side}`).toBeLessThan(1e-9)
        )
      }
    expect(matrices).toBeGreaterThan(10)
  })

  it('counts every number of a tensor once, and as many normal ones but for the tails', () => {
    const bins = result.axes['bin']!.length
    result.axes['tensor']!.labels!.forEach((tensor, row) => {
      const sum = (name: string) =>
        [...variable(result, name).data.subarray(row * bins, (row + 1) * bins)].reduce(
          (all, value) => all + value,
          0
        )
      const count = variable(result, 'count').data[row]!
      expect(sum('histogram'), tensor).toBe(count)
      if (!(variable(result, 'std').data[row]! > 0)) return
      expect(sum('normal'), tensor).toBeLessThan(count)
      expect(sum('normal'), tensor).toBeGreaterThan(0.6 * count)
    })
  })
})

describe('weight-statistics of some tensors', () => {
  const shakespeare = tensorModels[0]!.folder
  const of = async (params: Record<string, unknown>) => {
    const model = await modelIn(workbench, shakespeare)
    return analysed(workbench, model, 'weight-statistics', params as never)
  }
  const name = 'transformer.h.1.mlp.c_fc.weight'

  it('has every row and column of one matrix, whose norms come to that of all', async () => {
    const result = await of({ tensors: [name], outliers: 3 })
    const [rows = 0, columns = 0] = ['rows', 'columns'].map(side => variable(result, side).data[0]!)
    const norm = variable(result, 'norm').data[0]!
    for (const [side, length] of [
      ['row', rows],
      ['column', columns]
    ] as const) {
      const norms = variable(result, `${side}_norm`).data
      expect(norms.length).toBe(length)
      expect(Math.hypot(...norms)).toBeCloseTo(norm, 9)
      const [first = NaN] = variable(result, `outlier_${side}s`).data
      expect(variable(result, `outlier_${side}_norm`).data[0]).toBe(norms[first])
    }
    expect(variable(result, 'layer').data[0]).toBe(1)
  })

  it('reads weights by role as [in, out], of the layers and heads that were asked for', async () => {
    const result = await of({ roles: ['W_in', 'W_Q', 'W_E'], layers: [2, 1], heads: [3] })
    expect(result.axes['tensor']!.labels).toEqual(['W_in 1', 'W_in 2', 'W_Q 1.3', 'W_Q 2.3', 'W_E'])
    expect([...variable(result, 'rows').data]).toEqual([128, 128, 128, 128, 65])
    expect([...variable(result, 'head').data]).toEqual([NaN, NaN, 3, 3, NaN])
    const stored = await of({ tensors: [name] })
    expect(variable(result, 'kurtosis').data[0]).toBeCloseTo(
      variable(stored, 'kurtosis').data[0]!,
      12
    )
  })

  it.each([
    [{ tensors: ['no.such'] }, 'tensors: no.such: the model has no tensor of that name'],
    [{ layers: [0] }, 'layers: are of weights by role, and there are no roles'],
    [{ roles: ['W_Q'], heads: [4] }, 'W_Q: head 4 is outside 0…3'],
    [{ roles: ['W_in'], layers: [9] }, 'layer 9 is outside 0…3'],
    [{ roles: ['W_X'] }, 'roles.0: expected "W_E" or'],
    [{ bins: 0 }, 'bins: expected at least 1'],
    [{ tensors: [] }, 'tensors: expected at least 1 item'],
    [{ roles: ['W_gate'] }, 'has no tensor of those that were asked for']
  ])('refuses %j', async (params, message) => {
    await expect(of(params)).rejects.toThrow(message)
  })
})
