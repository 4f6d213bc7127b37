import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { variable } from '#common/data/dataset.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { WeightRole } from '#common/model/weight-view.ts'
import type { RunnableModel } from '../../../src/main/workbench/model/model.ts'
import { readWeight } from '../../../src/main/workbench/model/weights.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { readGolden } from '../compare.ts'
import { golden, models } from '../models.ts'
import { analysed, modelIn, openedModel, sharedWorkbench } from '../workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const folderOf = (name: string) => models.find(model => model.name === name)!.folder

/** a b, or a bᵀ, in float64. */
function product(
  a: Tensor,
  b: Tensor,
  transposed = false
): { shape: number[]; data: Float64Array } {
  const [rows = 0, inner = 0] = a.shape
  const columns = transposed ? b.shape[0]! : b.shape[1]!
  const data = Float64Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    let sum = 0
    for (let k = 0; k < inner; k++)
      sum +=
        a.data[row * inner + k]! * b.data[transposed ? column * inner + k : k * columns + column]!
    return sum
  })
  return { shape: [rows, columns], data }
}

describe('circuits', () => {
  it.each([
    ['shakespeare-char', [[1, 2]], 1],
    [
      'llama',
      [
        [2, 3],
        [0, 1]
      ],
      2
    ]
  ])('of %s are those of the whole products, heads %j', async (name, heads, perGroup) => {
    const opened = (await openedModel(folderOf(name))) as RunnableModel
    const of = async (role: WeightRole, layer: number | null = null, head: number | null = null) =>
      (await readWeight(opened, { role, layer, head }))!
    const model = await modelIn(workbench, folderOf(name))
    const result = await analysed(workbench, model, 'circuits', { heads, pairs: 5 })
    const { read } = await readGolden(join(golden, 'analysis/weights', `${name}.heads.safetensors`))
    const copying = await read('full_copying')
    const embedding = await of('W_E')
    for (const [i, [layer = 0, head = 0]] of heads.entries()) {
      expect(variable(result, 'ov_copying').data[i]).toBeCloseTo(
        copying[layer * opened.spec.nHeads + head]!,
        5
      )
      const group = Math.floor(head / perGroup)
      const through = async (a: WeightRole, b: WeightRole, bHead: number, aHead: number) => {
        const left = product(embedding, await of(a, layer, aHead))
        const right = await of(b, layer, bHead)
        return { left: { ...left, data: left.data as unknown as Float32Array }, right }
      }
      const ov = await through('W_V', 'W_O', head, group)
      const half = product(ov.left, ov.right) as unknown as Tensor
      const wholeOv = product(half, await of('W_U'))
      const qk = await through('W_Q', 'W_K', group, head)
      const keys = product(embedding, qk.right) as unknown as Tensor
      const wholeQk = product(qk.left, keys, true)
      for (const [circuit, whole, from, to] of [
        ['ov', wholeOv, 'source', 'output'],
        ['qk', wholeQk, 'query', 'key']
      ] as const) {
        const tokens = whole.shape[1]!
        const order = Array.from(whole.data.keys()).sort((a, b) => whole.data[b]! - whole.data[a]!)
        const own = (what: string) => [
          ...variable(result, `${circuit}_${what}`).data.subarray(5 * i, 5 * i + 5)
        ]
        expect(own(from)).toEqual(order.slice(0, 5).map(at => Math.floor(at / tokens)))
        expect(own(to)).toEqual(order.slice(0, 5).map(at => at % tokens))
        own('value').forEach((value, k) => expect(value).toBeCloseTo(whole.data[order[k]!]!, 6))
        const mean = whole.data.reduce((sum, value) => sum + value, 0) / whole.data.length
        expect(variable(result, `${circuit}_mean`).data[i]).toBeCloseTo(mean, 8)
        const rows = Array.from({ length: tokens }, (_, row) =>
          whole.data.subarray(row * tokens, (row + 1) * tokens)
        )
        const ahead = rows.map((row, self) => row.filter(value => value > row[self]!).length)
        expect(variable(result, `${circuit}_self_first`).data[i]).toBeCloseTo(
          ahead.filter(count => count === 0).length / tokens,
          12
        )
        ahead.sort((a, b) => a - b)
        // Of an even number of tokens between the two in the middle.
        const median = (ahead[(tokens - 1) >> 1]! + ahead[tokens >> 1]!) / 2
        expect(variable(result, `${circuit}_self_rank`).data[i]).toBeCloseTo(
          median / (tokens - 1),
          12
        )
      }
    }
    expect(result.axes['head']!.labels).toEqual(heads.map(place => place.join('.')))
    expect((result.attributes['tokens'] as unknown[]).length).toBeGreaterThan(1)
    expect(result.attributes).not.toHaveProperty('sampled')
  })

  it('says of which rows it is where they are not all, and refuses heads that are not there', async () => {
    const model = await modelIn(workbench, folderOf('shakespeare-char'))
    const some = await analysed(workbench, model, 'circuits', { heads: [[0, 0]], rows: 10 })
    expect(some.attributes['sampled']).toMatch(/^rows are of 10 of 65 tokens/)
    for (const [params, message] of [
      [{ heads: [[0, 4]] }, 'head 4 is outside 0…3'],
      [{ heads: [[4, 0]] }, 'layer 4 is outside 0…3'],
      [{ heads: [] }, 'heads: expected at least 1 item'],
      [{ heads: [[0, 0]], pairs: 0 }, 'pairs: expected at least 1'],
      [{}, 'heads']
    ] as const)
      await expect(analysed(workbench, model, 'circuits', params as never)).rejects.toThrow(message)
  })
})
