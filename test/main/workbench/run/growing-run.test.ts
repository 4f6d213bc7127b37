import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Edit } from '#common/model/edit.ts'
import type { Provider } from '#common/model/provider.ts'
import { idToken } from '#common/model/token.ts'
import { createEngine, type Engine } from '../../../../src/main/engine/client.ts'
import { forkEngine } from '../../../../src/main/engine/host.ts'
import type { HostedProcess } from '../../../../src/main/process/host.ts'
import type { RunnableModel } from '../../../../src/main/workbench/model/model.ts'
import { createForward, type BlockForward } from '../../../../src/main/workbench/run/forward.ts'
import { createGrowingRun } from '../../../../src/main/workbench/run/growing-run.ts'
import { normalizedEdits } from '../../../../src/main/workbench/run/normalized-edits.ts'
import { runRecord, type RunRecord } from '../../../../src/main/workbench/run/run-record.ts'
import type { RunValues } from '../../../../src/main/workbench/run/run-values.ts'
import { whyWhole } from '../../../../src/main/workbench/run/why-whole.ts'
import { expectClose } from '../../../golden/compare.ts'
import { softwareGpu } from '../../../golden/software-gpu.ts'
import {
  hebrew,
  openedModel,
  projectRoot,
  shakespeare,
  uncancelled
} from '../../../golden/workbench.ts'
import { built } from '../../../built.ts'

const nothingKept: RunValues = {
  get: () => Promise.resolve(null),
  first: () => Promise.resolve(null),
  missing: (_run, hooks) => Promise.resolve(hooks),
  put: () => Promise.resolve(),
  keep: (_run, _hook, { shape, data }) => Promise.resolve({ shape, data: new Float32Array(data) })
}

let host: HostedProcess
/** How many tokens the parts after a past have run, one for each run of one. */
let ran: number[]
let engine: Engine
let forward: BlockForward
beforeAll(async () => {
  const forked = forkEngine(built.engineEntry, await softwareGpu())
  const started = createEngine({ spawn: exchange => (host = forked.spawn(exchange)) })
  engine = {
    ...started,
    run: ((...asked: Parameters<Engine['run']>) => {
      const [part, , feeds] = asked
      const { positions } = feeds
      if (part.includes('after a past') && positions !== undefined && 'shape' in positions)
        ran.push(positions.shape[0]!)
      return started.run(...asked)
    }) as Engine['run']
  }
  forward = createForward(engine, nothingKept, 0)
})
afterAll(() => engine.close())

const context = uncancelled()
const opened = async (path: string) => (await openedModel(path)) as RunnableModel
const tiny = (name: string) => opened(join(projectRoot, 'test/golden', name))

/** Ids that no order of is in. */
const someIds = (count: number, { spec }: RunnableModel) =>
  Array.from({ length: count }, (_, i) => (i * 37 + ((i * i) % 11)) % spec.dVocab)

async function record(
  model: RunnableModel,
  ids: readonly number[],
  edits: readonly Edit[] = [],
  provider: Provider = 'cpu'
): Promise<RunRecord> {
  const normalized = await normalizedEdits(model, edits, ids.length, input =>
    Promise.resolve('ids' in input ? input.ids : [])
  )
  const source = { input: { ids: [...ids] }, edits: normalized, provider }
  return runRecord(model, source, ids.map(idToken))
}

/** Lets a text grow to these lengths, and compares what follows with what follows it run whole. */
async function expectSame(
  model: RunnableModel,
  lengths: readonly number[],
  edits: readonly Edit[] = [],
  between: (length: number) => void | Promise<void> = () => undefined,
  provider: Provider = 'cpu'
): Promise<void> {
  ran = []
  const run = createGrowingRun(engine, forward, model.spec)
  try {
    for (const length of lengths) {
      const grown = await record(model, someIds(length, model), edits, provider)
      const found = await run.next(grown, context)
      const { data } = await forward.logits(grown, [length - 1], context)
      expectClose(found, data, 1e-4, `after ${length}`)
      await between(length)
    }
  } finally {
    await run.end()
    model.reader.close()
  }
}

const edit = (hook: string, change: Partial<Edit>): Edit => ({
  ...{ hook, at: {}, scale: 1, add: null },
  ...change
})

describe('a text that grows', () => {
  it.each([
    'gpt2',
    'gpt_neo',
    'gpt_neox',
    'gptj',
    'opt',
    'bloom',
    'falcon',
    'falcon-alibi',
    'phi',
    'llama',
    'mistral',
    'qwen3',
    'gemma2',
    'gemma3',
    'olmo2'
  ])('is followed by what follows it run whole, token by token: %s', async name => {
    const model = await tiny(name)
    await expectSame(model, [6, 7, 8, 9, 13, 14, 15, 16])
    const { length } = model.spec.blocks
    const steps = [6, 1, 1, 1, 4, 1, 1, 1]
    expect(ran).toEqual(steps.flatMap(step => new Array<number>(length).fill(step)))
  })

  it.each([shakespeare, hebrew])('of a sample: %s', async folder =>
    expectSame(await opened(folder), [20, 21, 22, 30])
  )

  it.each(['gpt2', 'llama', 'bloom'])('of a GPU: %s', async name => {
    await expectSame(await tiny(name), [6, 7, 9], [], undefined, 'webgpu')
  })

  it('runs whole again where its length turns all keys otherwise', async () => {
    const runs = async (name: string, lengths: number[]) => {
      const model = await tiny(name)
      await expectSame(model, lengths)
      return ran.filter((_, i) => i % model.spec.blocks.length === 0)
    }
    // Stretched with every token once it is longer than 8, and once where it gets longer than that.
    expect(await runs('llama-dynamic', [6, 7, 8, 9, 10])).toEqual([6, 1, 1, 9, 10])
    expect(await runs('phi3-longrope', [6, 7, 8, 9, 10])).toEqual([6, 1, 1, 9, 1])
  })

  it('runs whole again where the engine was replaced', async () => {
    const model = await tiny('llama')
    const replaced = async (length: number) => {
      if (length !== 7) return
      host.kill()
      await expect(engine.memory()).rejects.toThrow('stopped')
    }
    await expectSame(model, [6, 7, 8, 9], [], replaced)
    expect(ran.filter((_, i) => i % 3 === 0)).toContain(8)
  })

  it('grows beside another', async () => {
    const models = await Promise.all([tiny('gpt2'), tiny('gpt2')])
    const edits = [[], [edit('hook_embed', { scale: 1.5 })]]
    await Promise.all(models.map((model, i) => expectSame(model, [4, 5, 6], edits[i])))
  })
})

describe('edits of a text that grows', () => {
  const other = { from: { input: { ids: [3, 1, 4, 1, 5] }, edits: [] }, times: 0.5 }
  const list = Array.from({ length: 8 }, (_, i) => i / 8)
  it.each<[string, Edit[]]>([
    ['a head without effect', [edit('blocks.1.attn.hook_z', { at: { head: [1] }, scale: 0 })]],
    [
      'a place that is past',
      [edit('blocks.1.hook_resid_pre', { at: { pos: [2, 4] }, scale: 0.5 })]
    ],
    ['a place that came in first', [edit('blocks.0.hook_mlp_out', { at: { pos: '0:6' }, add: 1 })]],
    ['embeddings', [edit('hook_embed', { scale: 1.5 }), edit('hook_pos_embed', { add: 0.1 })]],
    ['keys', [edit('blocks.0.attn.hook_k', { at: { pos: [1] }, scale: 2 })]],
    ['values', [edit('blocks.2.attn.hook_v', { at: { unit: '0:8' }, add: list })]],
    ['a direction', [edit('blocks.1.hook_resid_mid', { at: { unit: '0:8' }, add: list })]],
    ['scores', [edit('blocks.1.attn.hook_attn_scores', { scale: 0.3, add: 0.2 })]],
    ['a pattern', [edit('blocks.1.attn.hook_pattern', { at: { head: [0] }, scale: 0.5 })]],
    ['what heads give', [edit('blocks.1.attn.hook_result', { at: { head: [0] }, scale: 0.5 })]],
    [
      'a key not seen',
      [edit('blocks.1.attn.hook_attn_scores', { at: { key: [1, 2] }, add: '-inf' })]
    ],
    [
      'one cell',
      [edit('blocks.0.attn.hook_attn_scores', { at: { query: [7], key: [2] }, add: '-inf' })]
    ],
    [
      'another run',
      [
        edit('blocks.1.hook_resid_post', {
          at: { pos: [1, 3] },
          add: { ...other, hook: 'blocks.1.hook_resid_post' }
        })
      ]
    ]
  ])('give the same: %s', async (_, edits) => {
    const model = await tiny('gpt2')
    expect(whyWhole(model, edits, 12)).toBeNull()
    // One cell is there only once the text has come so far.
    const first = edits.some(({ at }) => at.query !== undefined) ? 8 : 6
    await expectSame(model, [first, first + 1, first + 2, first + 5], edits)
  })
})
