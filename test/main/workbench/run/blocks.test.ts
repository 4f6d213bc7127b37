import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tensor } from '#common/model/tensor.ts'
import { createEngine, type Engine } from '../../../../src/main/engine/client.ts'
import { forkEngine } from '../../../../src/main/engine/host.ts'
import type { RunnableModel } from '../../../../src/main/workbench/model/model.ts'
import { tokensOfIds } from '../../../../src/main/workbench/model/tokenize.ts'
import { createBlocks, type Blocks } from '../../../../src/main/workbench/run/blocks.ts'
import { runRecord, type RunRecord } from '../../../../src/main/workbench/run/run-record.ts'
import { openedModel, shakespeare, uncancelled } from '../../../golden/workbench.ts'
import { built } from '../../../built.ts'

let engine: Engine
let model: RunnableModel
let record: RunRecord
beforeAll(async () => {
  engine = createEngine(forkEngine(built.engineEntry))
  model = (await openedModel(shakespeare)) as RunnableModel
  const source = { input: { ids: [1, 2, 3] }, edits: [], provider: 'cpu' as const }
  record = runRecord(model, source, await tokensOfIds(model, [1, 2, 3]))
})
afterAll(() => {
  engine.close()
  model.reader.close()
})

const blocks = () => createBlocks(engine, () => Promise.resolve(null))
const entering = (value: number): Tensor => {
  const { dModel } = model.spec
  return {
    shape: [3, dModel],
    data: Float32Array.from({ length: 3 * dModel }, (_, i) => value / (i + 1))
  }
}

describe('several who run the blocks of one engine', () => {
  it('do not take one another’s residuals', async () => {
    const through = async (by: Blocks, value: number) => {
      const pass = { wanted: () => [], take: () => undefined }
      const count = model.spec.blocks.length
      return (await by.pass(record, 0, count, entering(value), pass, uncancelled())).data
    }
    const alone = [await through(blocks(), 1), await through(blocks(), -2)]
    const [one, other] = [blocks(), blocks()]
    expect(await Promise.all([through(one, 1), through(other, -2)])).toEqual(alone)
  })

  it('have one block loaded in detail', async () => {
    const wanted = [{ name: 'attn.hook_z', type: 'float32' }] as const
    for (const layer of [0, 1, 2])
      await blocks().detail(record, layer, entering(1), wanted, uncancelled())
    const inDetail = engine.parts().filter(part => part.includes('in detail'))
    expect(inDetail).toEqual([expect.stringContaining('blocks.2 in detail')])
  })
})
