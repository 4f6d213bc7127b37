import { fromBinary } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idToken } from '#common/model/token.ts'
import { createEngine, type Engine } from '../../../../src/main/engine/client.ts'
import { forkEngine } from '../../../../src/main/engine/host.ts'
import type { EngineResults } from '../../../../src/main/engine/protocol.ts'
import type { RunnableModel } from '../../../../src/main/workbench/model/model.ts'
import { blockRoles } from '../../../../src/main/architecture/roles.ts'
import { ModelProtoSchema } from '../../../../src/main/onnx/onnx_pb.js'
import { createBlocks } from '../../../../src/main/workbench/run/blocks.ts'
import { chunksOf } from '../../../../src/main/workbench/run/chunks.ts'
import { keptType } from '../../../../src/main/workbench/run/hook-values.ts'
import { createRecordEdits } from '../../../../src/main/workbench/run/record-edits.ts'
import { runRecord } from '../../../../src/main/workbench/run/run-record.ts'
import { blocksPart } from '../../../../src/main/workbench/run/parts.ts'
import { roleBytes, weightBytes } from '../../../../src/main/workbench/run/weight-bytes.ts'
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

  it('that share weights have a part each', async () => {
    const model = await opened(golden('albert'))
    expect(chunksOf(model, 'cpu', Infinity).length).toBe(model.spec.blocks.length)
    model.reader.close()
  })

  it('are of 128 MB at most, on the CPU alone, and where there is room for the model twice', async () => {
    const model = await opened(golden('gpt2'))
    const { spec } = model
    // Their tensors are small; what they take is reckoned by the shapes of their roles.
    const wide = { ...model, spec: { ...spec, dModel: 2 ** 10, dMlp: 6 * 2 ** 10 } }
    const [own, ...others] = spec.blocks.map(block =>
      blockRoles(block, wide.spec).reduce((sum, role) => sum + roleBytes(wide, role, false), 0)
    )
    expect([own! > 2 ** 27 / 3, own! < 2 ** 27 / 2, others.length]).toEqual([true, true, 2])
    const all = weightBytes(wide, false)
    const sizes = (provider: 'cpu' | 'webgpu', budget: number) =>
      chunksOf(wide, provider, budget).map(({ from, to }) => to - from)
    expect(sizes('cpu', 2 * all)).toEqual([2, 1])
    expect(sizes('cpu', 2 * all - 1)).toEqual([1, 1, 1])
    expect(sizes('webgpu', Infinity)).toEqual([1, 1, 1])
    model.reader.close()
  })

  it('take positions and their rotations once', async () => {
    const model = await opened(golden('llama'))
    const { model: bytes } = await blocksPart(model, 'cpu', { from: 0, to: 3 }).source()
    const inputs = fromBinary(ModelProtoSchema, bytes).graph!.input.map(({ name }) => name)
    const blocks = ['blocks.0', 'blocks.1', 'blocks.2']
    expect(inputs).toEqual(['hook_resid_pre', 'positions', 'rotary_cos', 'rotary_sin', ...blocks])
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
