import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createEngine } from '../../../../src/main/engine/client.ts'
import { forkEngine } from '../../../../src/main/engine/host.ts'
import type { RunnableModel } from '../../../../src/main/workbench/model/model.ts'
import { tokensOfIds } from '../../../../src/main/workbench/model/tokenize.ts'
import { createBlocks } from '../../../../src/main/workbench/run/blocks.ts'
import { runRecord } from '../../../../src/main/workbench/run/run-record.ts'
import { openedModel, shakespeare, uncancelled } from '../../../golden/workbench.ts'
import { built } from '../../../built.ts'

it('takes what a block gives before what the next one does, however long that takes', async () => {
  const engine = createEngine(forkEngine(built.engineEntry))
  const model = (await openedModel(shakespeare)) as RunnableModel
  const source = { input: { ids: [1, 2, 3] }, edits: [], provider: 'cpu' as const }
  const record = runRecord(model, source, await tokensOfIds(model, [1, 2, 3]))
  const blocks = createBlocks(engine, () => Promise.resolve(null))
  const count = model.spec.blocks.length
  const { dModel } = model.info.config!
  const first = { shape: [3, dModel], data: new Float32Array(3 * dModel).fill(0.5) }
  const order: string[] = []
  const pass = {
    wanted: () => [],
    async take(layer: number) {
      order.push(`begun ${layer}`)
      await setTimeout(50)
      order.push(`done ${layer}`)
    }
  }
  try {
    // Parts that are loaded run ahead of what is taken.
    await blocks.pass(record, 0, count, first, { ...pass, take: () => undefined }, uncancelled())
    await blocks.pass(record, 0, count, first, pass, uncancelled())
  } finally {
    engine.close()
    model.reader.close()
  }
  const layers = Array.from({ length: count }, (_, layer) => layer)
  expect(order).toEqual(layers.flatMap(layer => [`begun ${layer}`, `done ${layer}`]))
})
