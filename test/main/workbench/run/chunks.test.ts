import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idToken } from '#common/model/token.ts'
import { createEngine, type Engine } from '../../../../src/main/engine/client.ts'
import { forkEngine } from '../../../../src/main/engine/host.ts'
import type { EngineResults } from '../../../../src/main/engine/protocol.ts'
import type { RunnableModel } from '../../../../src/main/workbench/model/model.ts'
import { createBlocks } from '../../../../src/main/workbench/run/blocks.ts'
import { keptType } from '../../../../src/main/workbench/run/hook-values.ts'
import { createRecordEdits } from '../../../../src/main/workbench/run/record-edits.ts'
import { runRecord } from '../../../../src/main/workbench/run/run-record.ts'
import { weightBytes } from '../../../../src/main/workbench/run/weight-bytes.ts'
import { openedModel, projectRoot, shakespeare, uncancelled } from '../../../golden/workbench.ts'
import { built } from '../../../built.ts'

let engine: Engine
beforeAll(() => (engine = createEngine(forkEngine(built.engineEntry))))
afterAll(() => engine.close())

const golden = (name: string) => `${projectRoot}/test/golden/${name}`

/** Calls of the engine for a run of blocks, and what they give. */
async function given(
  model: RunnableModel,
  [from, to]: readonly [number, number],
  { count = 11, apart = false, edited = '', hooks = ['attn.hook_pattern'] }: Asked = {}
) {
  // Room for the model, and not for it twice.
  engine.setBudget(apart ? 1.5 * weightBytes(model, false) : Infinity)
  const ids = Array.from({ length: count }, (_, i) => (i * 37) % model.spec.dVocab)
  const edits = edited === '' ? [] : [{ hook: edited, at: {}, scale: 0.5, add: null }]
  const source = { input: { ids }, edits, provider: 'cpu' as const }
  const record = runRecord(model, source, ids.map(idToken))
  const { dModel } = model.spec
  const data = Float32Array.from({ length: count * dModel }, (_, i) => Math.sin(i * 12.9898))
  const labels: string[] = []
  const taken: [number, EngineResults][] = []
  const pass = {
    wanted: () => hooks.map(name => ({ name, type: keptType(name) })),
    take: (layer: number, results: EngineResults) => void taken.push([layer, results])
  }
  const { affineAt } = createRecordEdits(() => Promise.reject(new Error('nothing is asked for')))
  const first = { shape: [count, dModel], data }
  const context = {
    ...uncancelled(),
    progress: ({ label }: { label: string }) => labels.push(label)
  }
  const last = await createBlocks(engine, affineAt).pass(record, from, to, first, pass, context)
  return { values: { taken, last }, labels }
}

interface Asked {
  readonly count?: number
  /** Each block by a part of its own. */
  readonly apart?: boolean
  readonly edited?: string
  readonly hooks?: readonly string[]
}

const opened = async (path: string) => (await openedModel(path)) as RunnableModel

describe('blocks of one part', () => {
  it.each([
    ['gpt2', golden('gpt2')],
    ['gemma3', golden('gemma3')],
    ['modernbert', golden('modernbert')],
    ['albert', golden('albert')],
    ['mixtral', golden('mixtral')],
    ['smollm3', golden('smollm3')],
    ['bloom', golden('bloom')],
    ['the sample', shakespeare]
  ])('of %s give what each gives by itself, bit for bit, whichever run', async (_, path) => {
    const model = await opened(path)
    const end = model.spec.blocks.length
    const ranges = [
      [0, end],
      [1, end],
      [0, end - 1],
      [1, 2]
    ] as const
    for (const range of ranges) {
      const together = await given(model, range)
      const apart = await given(model, range, { apart: true })
      expect(together.values).toEqual(apart.values)
      expect([together.labels.length, apart.labels.length]).toEqual([1, range[1] - range[0]])
    }
    model.reader.close()
  })

  it('run at one call as far as nothing between them is asked for', async () => {
    const model = await opened(shakespeare)
    const labels = async (asked: Asked) => (await given(model, [0, 4], asked)).labels
    const each = [1, 2, 3, 4].map(block => `Running block ${block} of 4`)
    expect(await labels({ count: 128 })).toEqual(['Running blocks 1–4 of 4'])
    expect(await labels({ count: 129 })).toEqual(each)
    expect(await labels({ edited: 'blocks.1.hook_mlp_out' })).toEqual([
      'Running block 1 of 4',
      'Running block 2 of 4',
      'Running blocks 3–4 of 4'
    ])
    expect(await labels({ edited: 'blocks.2.hook_resid_pre' })).toEqual([
      'Running blocks 1–2 of 4',
      'Running blocks 3–4 of 4'
    ])
    expect(await labels({ hooks: ['attn.hook_z'] })).toEqual(each)
    model.reader.close()
  })

  it.each(['blocks.1.hook_mlp_out', 'blocks.2.hook_resid_pre', 'blocks.3.attn.hook_pattern'])(
    'give what each gives by itself where %s is edited',
    async edited => {
      const model = await opened(shakespeare)
      const together = await given(model, [0, 4], { edited })
      expect(together.values).toEqual((await given(model, [0, 4], { edited, apart: true })).values)
      const unedited = await given(model, [0, 4])
      expect(together.values.last).not.toEqual(unedited.values.last)
      model.reader.close()
    }
  )
})
