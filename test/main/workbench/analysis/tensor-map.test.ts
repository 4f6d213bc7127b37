import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HandlerContext } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { soundSafetensors } from '../../../bad/safetensors.ts'
import { analysed, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

const bytesOf = (array: { buffer: ArrayBufferLike }) => new Uint8Array(array.buffer)
/** [40, 3, 70]: its number i is (i · 37 mod 101) − 50. */
const cube = Float32Array.from({ length: 40 * 3 * 70 }, (_, i) => ((i * 37) % 101) - 50)
/** Rows of 500,000 numbers: longer than what is read at once. */
const wide = Float16Array.from({ length: 3 * 1_500_000 }, (_, i) => ((i * 7) % 2048) - 1000)
const tall = Float16Array.from({ length: 2 ** 20 + 1 }, (_, i) => i % 1000)
const broken = Float32Array.of(1, -5, NaN, 2, Infinity, 0, -3, 4)

let workbench: Workbench
let model: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench()
  const folder = mkdtempSync(join(tmpdir(), 'lamella-map-'))
  const tensors = [
    { name: 'cube', dtype: 'F32', shape: [40, 3, 70], data: bytesOf(cube) },
    { name: 'wide', dtype: 'F16', shape: [3, 1_500_000], data: bytesOf(wide) },
    { name: 'broken', dtype: 'F32', shape: [2, 4], data: bytesOf(broken) },
    { name: 'whole', dtype: 'I32', shape: [3], data: bytesOf(Int32Array.of(-7, 0, 9)) },
    { name: 'single', dtype: 'F32', shape: [], data: bytesOf(Float32Array.of(1.5)) },
    { name: 'tall', dtype: 'F16', shape: [2 ** 20 + 1, 1], data: bytesOf(tall) },
    { name: 'empty', dtype: 'F32', shape: [0, 7], data: new Uint8Array(0) }
  ]
  writeFileSync(join(folder, 'model.safetensors'), soundSafetensors(tensors))
  model = await workbench.handlers['models.open']({ path: folder }, uncancelled())
})
afterAll(() => workbench.close())

const mapOf = (params: Parameters<typeof analysed>[3], of = model) =>
  analysed(workbench, of, 'tensor-map', params, null)
const numbers = (result: Dataset, name: string) => [...variable(result, name).data]

/** A part of a matrix, pooled cell by cell as it is defined. */
function direct(
  data: ArrayLike<number>,
  columns: number,
  [r0, r1, eachRow]: readonly [number, number, number],
  [c0, c1, eachColumn]: readonly [number, number, number],
  pooling: 'maximum' | 'mean'
): number[] {
  const cells: number[] = []
  for (let r = r0; r < r1; r += eachRow)
    for (let c = c0; c < c1; c += eachColumn) {
      const own: number[] = []
      for (let y = r; y < Math.min(r1, r + eachRow); y++)
        for (let x = c; x < Math.min(c1, c + eachColumn); x++) own.push(data[y * columns + x]!)
      const mean = own.reduce((sum, x) => sum + x, 0) / own.length
      const far = own.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best))
      cells.push(pooling === 'mean' ? Math.fround(mean) : far)
    }
  return cells
}

describe('the map of a tensor', () => {
  it.each(['maximum', 'mean'] as const)('pools as directly, by %s', async pooling => {
    const part = { rows: [11, 118], columns: [3, 69] }
    const result = await mapOf({ tensor: 'cube', ...part, pooling, cells: [20, 9] })
    expect(numbers(result, 'map')).toEqual(direct(cube, 70, [11, 118, 6], [3, 69, 8], pooling))
    expect(numbers(result, 'rows_each')).toEqual([6])
    expect(numbers(result, 'first_column')).toEqual([3, 11, 19, 27, 35, 43, 51, 59, 67])
    const whole = await mapOf({ tensor: 'wide', pooling, cells: [2, 64] })
    expect(numbers(whole, 'map')).toEqual(
      direct(wide, 1_500_000, [0, 3, 2], [0, 1_500_000, 23_438], pooling)
    )
  })

  it('gives the numbers themselves where there is room', async () => {
    const result = await mapOf({ tensor: 'cube', rows: [50, 53], columns: [60, 70] })
    expect(numbers(result, 'map')).toEqual(direct(cube, 70, [50, 53, 1], [60, 70, 1], 'mean'))
    expect(numbers(await mapOf({ tensor: 'whole' }), 'map')).toEqual([-7, 0, 9])
    expect(numbers(await mapOf({ tensor: 'single' }), 'map')).toEqual([1.5])
  })

  it('is of a trained matrix what its slice says', async () => {
    const trained = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
    const tensor = trained.tensors.find(({ shape }) => shape.length === 2)!
    const { bytes } = await workbench.handlers['models.slice'](
      { modelId: trained.id, tensor: tensor.name, range: null },
      uncancelled()
    )
    const [rows, columns] = tensor.shape as [number, number]
    const data = new Float32Array(bytes.slice().buffer)
    const result = await mapOf({ tensor: tensor.name, cells: [16, 16] }, trained)
    const [down, across] = [Math.ceil(rows / 16), Math.ceil(columns / 16)]
    expect(numbers(result, 'map')).toEqual(
      direct(data, columns, [0, rows, down], [0, columns, across], 'maximum')
    )
    expect(numbers(result, 'low')).toEqual([data.reduce((a, b) => Math.min(a, b))])
    expect(numbers(result, 'high')).toEqual([data.reduce((a, b) => Math.max(a, b))])
  })

  it('says NaN of a cell that holds one, and counts what is not finite', async () => {
    const pooled = await mapOf({ tensor: 'broken', cells: [1, 2] })
    expect(numbers(pooled, 'map')).toEqual([Infinity, NaN])
    const mean = await mapOf({ tensor: 'broken', pooling: 'mean', cells: [2, 2] })
    expect(numbers(mean, 'map')).toEqual([-2, NaN, Infinity, 0.5])
    expect(['nan', 'infinite', 'low', 'high'].flatMap(name => numbers(mean, name))).toEqual([
      1, 1, -5, 4
    ])
  })

  it('refuses what is not there', async () => {
    await expect(mapOf({ tensor: 'none' })).rejects.toThrow(
      'none: the model has no tensor of that name'
    )
    await expect(mapOf({ tensor: 'cube', rows: [0, 121] })).rejects.toThrow(
      'rows: 0:121 is outside the 120 rows of cube'
    )
    await expect(mapOf({ tensor: 'empty' })).rejects.toThrow('empty: that part of it holds no')
  })
})

it('says of a model that cannot run why there are no heads of it, and what to do', async () => {
  for (const name of ['head-weights', 'composition', 'circuits'])
    await expect(
      analysed(workbench, model, name, name === 'circuits' ? { heads: [[0, 0]] } : {})
    ).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        /: cannot run: config\.json: it is missing or empty/
      ) as string,
      hint: expect.stringMatching(/^Describe this model/) as string
    })
})

it('gives no norm of each row of more than a million, and says so', async () => {
  const of = (tensor: string) =>
    analysed(workbench, model, 'weight-statistics', { tensors: [tensor] })
  const { attributes, variables } = await of('tall')
  expect(attributes['left_out']).toEqual(['norms and variances of rows: more than 1,048,576'])
  expect(variables).not.toHaveProperty('row_norm')
  expect(variables['column_norm']!.data).toHaveLength(1)
  expect(variables['norm_rows']!.data[4]).toBe(999)
  const broken = await of('broken')
  expect(broken.attributes).not.toHaveProperty('left_out')
  expect(broken.variables['row_norm']!.data).toHaveLength(2)
})

it('says that it waits where two others are computed', async () => {
  const labels = new Set<string>()
  const progress: HandlerContext['progress'] = ({ label }) => void labels.add(label)
  const { path, fingerprint } = model
  const of = { model: { path, fingerprint }, corpus: null, edits: [], provider: 'cpu' as const }
  await Promise.all(
    [62, 63, 64].map(columns =>
      workbench.handlers['analysis.run'](
        { name: 'tensor-map', params: { tensor: 'wide', cells: [2, columns] }, of, with: null },
        { ...uncancelled(), progress }
      )
    )
  )
  expect(labels).toContain('Waiting for other analyses')
})
