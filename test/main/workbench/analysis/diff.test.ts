import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { soundSafetensors } from '../../../bad/safetensors.ts'
import { folderWithWeights } from '../../../bad/weights.ts'
import { hebrew, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

const opened = (path: string) => workbench.handlers['models.open']({ path }, uncancelled())

async function compared(one: ModelInfo, other: ModelInfo, params: Record<string, unknown> = {}) {
  const subject = ({ path, fingerprint }: ModelInfo) => ({
    model: { path, fingerprint },
    corpus: null,
    edits: [],
    provider: 'cpu' as const
  })
  const asked = { name: 'diff', params: params as never, of: subject(one), with: subject(other) }
  return workbench.handlers['analysis.run'](asked, uncancelled())
}

/** Checkpoints that no family reads: tensors by name, their shapes and numbers. */
function checkpoint(tensors: Record<string, [number[], Float32Array]>): Promise<ModelInfo> {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-diff-'))
  const stored = Object.entries(tensors).map(([name, [shape, data]]) => ({
    ...{ name, dtype: 'F32', shape },
    data: new Uint8Array(data.buffer)
  }))
  writeFileSync(join(folder, 'model.safetensors'), soundSafetensors(stored))
  return opened(folder)
}

function row(result: Dataset, tensor: string, name: string): number[] {
  const { data } = variable(result, name)
  const labels = result.axes['tensor']!.labels!
  const width = data.length / labels.length
  const at = labels.indexOf(tensor) * width
  return [...data.subarray(at, at + width)]
}

describe('diff', () => {
  it('tells how far, in which rows and along how many directions a matrix changed', async () => {
    const next = generator(1)
    const [rows, columns] = [12, 8]
    const a = Float32Array.from({ length: rows * columns }, () => next() - 0.5)
    // Two directions, of rows 3 and 9 alone.
    const b = a.slice()
    for (let column = 0; column < columns; column++) {
      b[3 * columns + column]! += column === 0 ? 2 : 0
      b[9 * columns + column]! += column === 5 ? 1 : 0
    }
    const result = await compared(
      await checkpoint({ w: [[rows, columns], a], bias: [[2], Float32Array.of(3, 4)] }),
      await checkpoint({ w: [[rows, columns], b], bias: [[2], Float32Array.of(4, 3)] })
    )
    const of = (name: string) => row(result, 'w', name)[0]!
    expect(of('difference')).toBeCloseTo(Math.sqrt(5), 6)
    expect(of('relative')).toBeCloseTo(Math.sqrt(5) / Math.hypot(...a), 6)
    const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0)
    expect(of('cosine')).toBeCloseTo(dot / Math.hypot(...a) / Math.hypot(...b), 6)
    expect(of('largest')).toBeCloseTo(2, 6)
    expect(of('changed')).toBeCloseTo(2 / 96, 9)
    expect(row(result, 'w', 'changed_rows').slice(0, 2)).toEqual([3, 9])
    expect(row(result, 'w', 'changed_row_norm').map(norm => norm.toFixed(5))).toEqual(
      [2, 1, 0, 0, 0].map(norm => norm.toFixed(5))
    )
    const values = row(result, 'w', 'singular_values')
    expect(values.length).toBe(8)
    expect(values[0]).toBeCloseTo(2, 6)
    expect(values[1]).toBeCloseTo(1, 6)
    expect(of('rank')).toBe(2)
    expect(of('stableRank')).toBeCloseTo(1.25, 6)
    expect(row(result, 'w', 'cumulative')[0]).toBeCloseTo(0.8, 6)
    expect(row(result, 'bias', 'cosine')[0]).toBeCloseTo(24 / 25, 12)
    expect(row(result, 'bias', 'rank')[0]).toBeNaN()
    expect(row(result, 'bias', 'changed_rows')).toEqual(Array(5).fill(NaN))
  })

  it('finds the one weight that was changed in the sample, and nothing in the sample beside itself', async () => {
    const name = 'transformer.h.2.mlp.c_fc.weight'
    const changed = await folderWithWeights(shakespeare, { [name]: { at: 3 * 512 + 7, value: 9 } })
    const [one, other] = [await opened(shakespeare), await opened(changed)]
    const result = await compared(one, other, { values: 0 })
    const labels = result.axes['tensor']!.labels!
    const differences = variable(result, 'difference').data
    expect(labels.filter((_, i) => differences[i]! > 0)).toEqual([name])
    expect(row(result, name, 'changed_rows')[0]).toBe(3)
    expect(row(result, name, 'changed')[0]).toBeCloseTo(1 / 65536, 12)
    expect(result.attributes['with']).toMatchObject({ fingerprint: other.fingerprint })
    expect(Object.keys(result.variables)).not.toContain('singular_values')

    const same = await compared(one, one, { values: 1 })
    expect([...variable(same, 'difference').data].every(value => value === 0)).toBe(true)
    expect([...variable(same, 'cosine').data].every(value => value === 1)).toBe(true)
    expect(
      [...variable(same, 'rank').data].every(value => value === 0 || Number.isNaN(value))
    ).toBe(true)
  })

  it('leaves out and names what one of them lacks or has in another shape; of NaN nothing is told', async () => {
    const ones = (n: number) => new Float32Array(n).fill(1)
    const result = await compared(
      await checkpoint({
        same: [[2], Float32Array.of(NaN, 1)],
        own: [[1], ones(1)],
        other: [[4], ones(4)]
      }),
      await checkpoint({ same: [[2], ones(2)], other: [[2, 2], ones(4)], theirs: [[1], ones(1)] })
    )
    expect(result.axes['tensor']!.labels).toEqual(['same'])
    expect(result.attributes['left_out']).toEqual([
      'own: only the first model has it',
      'other: of [4] and [2, 2]',
      'theirs: only the second model has it'
    ])
    for (const name of ['difference', 'cosine', 'largest', 'changed'])
      expect(row(result, 'same', name)).toEqual([NaN])
  })

  it('refuses models that have nothing in common, and tensors that are not there', async () => {
    const one = await checkpoint({ a: [[1], new Float32Array(1)] })
    await expect(
      compared(one, await checkpoint({ b: [[1], new Float32Array(1)] }))
    ).rejects.toThrow('has no tensor in common with the other model')
    await expect(compared(one, one, { tensors: ['c'] })).rejects.toThrow(
      'tensors: c: the model has no tensor of that name'
    )
    const model = await opened(hebrew)
    const { path, fingerprint } = model
    const of = { model: { path, fingerprint }, corpus: null, edits: [], provider: 'cpu' as const }
    await expect(
      workbench.handlers['analysis.run'](
        { name: 'diff', params: {}, of, with: null },
        uncancelled()
      )
    ).rejects.toThrow('diff: compares two subjects, and there is one')
  })
})
