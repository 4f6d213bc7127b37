import { cpSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { predictionsOf } from '#common/analysis/predictions.ts'
import { shapeOf, variable } from '#common/data/dataset.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import {
  analysed,
  cpuSource,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../golden/workbench.ts'

let workbench: Workbench
let model: ModelInfo
let run: Run
const text = 'First Citizen:\nSpeak, speak.\n'

beforeAll(async () => {
  workbench = await startWorkbench()
  model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
  run = await start(workbench, model, text)
})
afterAll(() => workbench.close())

function start(on: Workbench, of: ModelInfo, input: string): Promise<Run> {
  return on.handlers['runs.start']({ source: cpuSource(of, { text: input }) }, uncancelled())
}

function startIds(
  of: ModelInfo,
  ids: number[],
  context = uncancelled(),
  provider: ProviderChoice = 'cpu'
): Promise<Run> {
  const source = { ...cpuSource(of, { ids }), provider }
  return workbench.handlers['runs.start']({ source }, context)
}

async function value(hook: string, exact = true): Promise<Float32Array> {
  const params = { runId: run.id, hook, exact }
  return (await workbench.handlers['runs.value'](params, uncancelled())).data
}

/** A copy of the sample model that a test may spoil. */
function copyOfSample(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-model-')), 'copy')
  cpSync(shakespeare, folder, { recursive: true })
  return folder
}

function edit(folder: string, file: string, change: (json: Record<string, unknown>) => void): void {
  const json = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>
  change(json)
  writeFileSync(join(folder, file), JSON.stringify(json))
}

const open = (path: string) => workbench.handlers['models.open']({ path }, uncancelled())

describe('opening', () => {
  it('tells what the sample model is', () => {
    expect(model).toMatchObject({
      name: 'shakespeare-char',
      family: 'gpt2',
      config: {
        nLayers: 4,
        nHeads: 4,
        nKeyValueHeads: 4,
        dModel: 128,
        dHead: 32,
        dMlp: 512,
        dVocab: 65,
        nCtx: 192
      },
      notRunnable: null,
      tokenizer: 'WordLevel',
      notTokenizable: null
    })
    expect(model.sampleText).toMatch(/^First Citizen/)
  })

  it('counts tied weights once and says so', () => {
    // Embedding 65·128, positions 192·128, blocks 4·(12·128² + 13·128), final norm 2·128.
    const parameters = 65 * 128 + 192 * 128 + 4 * (12 * 128 ** 2 + 13 * 128) + 2 * 128
    expect(model.parameters).toBe(parameters)
    expect(model.parametersStored).toBe(parameters)
    expect(model.ties).toEqual(['lm_head.weight is transformer.wte.weight, counted once'])
    expect(model.tensors.find(({ name }) => name === 'lm_head.weight')).toMatchObject({
      tiedTo: 'transformer.wte.weight',
      bytes: 0,
      category: 'unembedding'
    })
  })

  it('gives the same model when opened again', async () => {
    expect((await open(shakespeare)).id).toBe(model.id)
  })

  it('remembers what was opened, newest first', async () => {
    const folder = copyOfSample()
    await open(folder)
    await open(shakespeare)
    const recent = await workbench.handlers['models.recent']({}, uncancelled())
    expect(recent.map(({ path }) => path).slice(0, 2)).toEqual([shakespeare, folder])
  })

  it('opens a model of an unknown type for its weights', async () => {
    const folder = copyOfSample()
    edit(folder, 'config.json', config => (config.model_type = 'mystery'))
    const info = await open(folder)
    expect(info.family).toBeNull()
    expect(info.notRunnable).toBe('config.json: model_type "mystery" is not a family that runs')
    expect(info.notRunnableHint).toMatch(/^Families that run: .*gpt2, .*\. Its weights/)
    expect(info.tensors).toHaveLength(model.tensors.length - 1)
    expect(info.tensors.map(({ category }) => category)).toEqual(
      model.tensors.slice(0, -1).map(({ category }) => category)
    )
    await expect(start(workbench, info, text)).rejects.toMatchObject({
      code: 'unsupported',
      message: info.notRunnable,
      hint: info.notRunnableHint
    })
  })

  it('opens a model whose tokenizer is broken, and runs it on ids', async () => {
    const folder = copyOfSample()
    writeFileSync(join(folder, 'tokenizer.json'), '{"model":')
    const info = await open(folder)
    expect(info.notTokenizable).toMatch(/^tokenizer\.json/)
    await expect(start(workbench, info, text)).rejects.toMatchObject({ code: 'unsupported' })
    const done = await startIds(info, [3, 1, 4])
    expect(done.tokens.map(({ text }) => text)).toEqual(['#3', '#1', '#4'])
  })

  it.each([
    ['n_layer', 1e9, 'n_layer must be a whole number from 1 to 4096, got 1000000000'],
    ['n_head', 0, 'n_head must be a whole number from 1 to 16777216, got 0'],
    ['n_head', -1, 'n_head must be a whole number from 1 to 16777216, got -1'],
    ['n_head', 'four', 'n_head must be a whole number from 1 to 16777216, got "four"'],
    ['n_head', 3, 'a width of 128 does not divide into 3 heads'],
    ['activation_function', 'magic', /activation_function must be one of .*, got "magic"/]
  ])('does not run with %s = %j, which it names', async (field, bad, message) => {
    const folder = copyOfSample()
    edit(folder, 'config.json', config => (config[field] = bad))
    const info = await open(folder)
    expect(info.notRunnable).toMatch(message)
    expect(info.notRunnableHint).toMatch(/weights can be looked at/)
    expect(info.tensors.length).toBeGreaterThan(50)
  })

  it('opens for its weights a model whose tensors are not what config.json says, and says which', async () => {
    const folder = copyOfSample()
    edit(folder, 'config.json', config => (config.vocab_size = 66))
    const info = await open(folder)
    expect(info.notRunnable).toBe(
      'transformer.wte.weight: shape [65, 128], expected [66, 128] by config.json'
    )
    expect(info.tensors.length).toBeGreaterThan(50)
  })

  it('refuses to mix a file that changed with what it was', async () => {
    const folder = copyOfSample()
    const info = await open(folder)
    utimesSync(join(folder, 'model.safetensors'), 1, 1)
    await expect(start(workbench, info, text)).rejects.toThrow(
      'model.safetensors: changed since it was opened'
    )
    expect((await open(folder)).id).not.toBe(info.id)
  })
})

describe('a run', () => {
  it('has a token for each character', () => {
    expect(run.tokens.map(token => token.text).join('')).toBe(text)
    expect(run.source.provider).toBe('cpu')
  })

  it('adds up: each residual is the one before and what was written to it', async () => {
    for (let l = 0; l < 4; l++) {
      const pre = await value(`blocks.${l}.hook_resid_pre`)
      const attnOut = await value(`blocks.${l}.hook_attn_out`)
      const mid = await value(`blocks.${l}.hook_resid_mid`)
      const mlpOut = await value(`blocks.${l}.hook_mlp_out`)
      const post = await value(`blocks.${l}.hook_resid_post`)
      for (let i = 0; i < pre.length; i++) {
        expect(mid[i]).toBeCloseTo(pre[i]! + attnOut[i]!, 4)
        expect(post[i]).toBeCloseTo(mid[i]! + mlpOut[i]!, 4)
      }
    }
    const embed = await value('hook_embed')
    const positions = await value('hook_pos_embed')
    const first = await value('blocks.0.hook_resid_pre')
    for (let i = 0; i < first.length; i++)
      expect(first[i]).toBeCloseTo(embed[i]! + positions[i]!, 5)
  })

  it('attends as its queries and keys say', async () => {
    const n = run.tokens.length
    const [q, k, v, scores, pattern, z] = await Promise.all(
      ['q', 'k', 'v', 'attn_scores', 'pattern', 'z'].map(name =>
        value(`blocks.1.attn.hook_${name}`)
      )
    )
    const at = (of: Float32Array, pos: number, head: number) =>
      of.subarray((pos * 4 + head) * 32, (pos * 4 + head + 1) * 32)
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
    for (const [head, query] of [
      [0, 5],
      [3, n - 1]
    ] as const) {
      const row = (head * n + query) * n
      const expected = Array.from(
        { length: query + 1 },
        (_, key) => dot(at(q!, query, head), at(k!, key, head)) / Math.sqrt(32)
      )
      const total = expected.reduce((sum, score) => sum + Math.exp(score), 0)
      const mixed = new Float32Array(32)
      for (let key = 0; key < n; key++) {
        const weight = key <= query ? Math.exp(expected[key]!) / total : 0
        expect(pattern![row + key]).toBeCloseTo(weight, 4)
        if (key <= query) expect(scores![row + key]).toBeCloseTo(expected[key]!, 3)
        else expect(scores![row + key]).toBe(-Infinity)
        at(v!, key, head).forEach((x, i) => (mixed[i]! += weight * x))
      }
      at(z!, query, head).forEach((x, i) => expect(x).toBeCloseTo(mixed[i]!, 4))
    }
  })

  it('gives float16 from the cache and float32 when asked for exactness', async () => {
    const exact = await value('blocks.2.attn.hook_pattern')
    const kept = await value('blocks.2.attn.hook_pattern', false)
    expect(kept).toEqual(exact.map(x => Math.f16round(x)))
    expect(kept).not.toEqual(exact)
  })

  it('gives one head of a pattern, and small maps of all', async () => {
    const params = { runId: run.id, hook: 'blocks.0.attn.hook_pattern', index: 2, exact: false }
    const head = await workbench.handlers['runs.value'](params, uncancelled())
    const n = run.tokens.length
    expect(head.shape).toEqual([n, n])
    const maps = await analysed(workbench, model, 'patterns', { layer: 0, size: 10 }, { text })
    expect(shapeOf(maps, variable(maps, 'map'))).toEqual([4, 10, 10])
    const kept = { layer: 0, head: 2, exact: false }
    const whole = await analysed(workbench, model, 'patterns', kept, { text })
    expect(variable(whole, 'pattern').data).toEqual(head.data)
    expect(whole.attributes['precision']).toBe('float16')
    expect(shapeOf(whole, variable(whole, 'pattern'))).toEqual([n, n])
  })

  it('gives patterns without their first key, in rows of what is left', async () => {
    const exact = await value('blocks.0.attn.hook_pattern')
    const n = run.tokens.length
    const weight = (head: number, query: number, key: number) =>
      exact[(head * n + query) * n + key]!
    const expected = (head: number, query: number, key: number) => {
      let left = 0
      for (let other = 1; other < n; other++) left += weight(head, query, other)
      return key === 0 || left === 0 ? 0 : weight(head, query, key) / left
    }
    const params = { layer: 0, head: 2, first_token: 'hidden' }
    const one = variable(await analysed(workbench, model, 'patterns', params, { text }), 'pattern')
    one.data.forEach((got, i) => expect(got).toBeCloseTo(expected(2, Math.floor(i / n), i % n), 6))
    // Pooled after that: what a cell shows is the highest of rows that sum to 1.
    const small = { layer: 0, size: 10, pooling: 'maximum', first_token: 'hidden' }
    const maps = variable(await analysed(workbench, model, 'patterns', small, { text }), 'map')
    const step = Math.ceil(n / 10)
    for (const [head, row, column] of [
      [0, 3, 1],
      [3, 9, 0]
    ] as const) {
      let most = 0
      for (let query = row * step; query < Math.min(n, (row + 1) * step); query++)
        for (let key = column * step; key < (column + 1) * step; key++)
          most = Math.max(most, expected(head, query, key))
      expect(maps.data[(head * 10 + row) * 10 + column]).toBeCloseTo(most, 6)
    }
  })

  it('gives patterns as computed to those who do not say otherwise', async () => {
    const hook = 'blocks.0.attn.hook_pattern'
    const exact = await value(hook)
    const n = run.tokens.length
    const one = await analysed(workbench, model, 'patterns', { layer: 0, head: 2 }, { text })
    expect(variable(one, 'pattern').data).toEqual(exact.slice(2 * n * n, 3 * n * n))
    expect(variable(one, 'pattern').data).not.toEqual(
      (await value(hook, false)).slice(2 * n * n, 3 * n * n)
    )
    const all = await analysed(workbench, model, 'patterns', { layer: 0, size: n }, { text })
    expect([...variable(all, 'map').data]).toEqual([...exact])
    expect(all.attributes['precision']).toBe('float32')
  })

  it('predicts, and its probabilities are those of the tokens that came', async () => {
    const given = await analysed(workbench, model, 'token-probabilities', {}, { text })
    const { data: probabilities } = variable(given, 'probability')
    expect(probabilities[0]).toBeNaN()
    for (const position of [3, 12]) {
      const predictions = predictionsOf(
        await analysed(workbench, model, 'predictions', { position, top: 65 }, { text })
      )
      const sum = predictions.reduce((total, { probability }) => total + probability, 0)
      expect(sum).toBeCloseTo(1, 5)
      const came = predictions.find(({ token }) => token.id === run.tokens[position + 1]!.id)
      expect(came!.probability).toBeCloseTo(probabilities[position + 1]!, 5)
    }
  })

  it.each([
    ['blocks.4.hook_resid_pre', 'blocks.4.hook_resid_pre: layer 4 is outside 0…3'],
    ['blocks.0.hook_nothing', 'blocks.0.hook_nothing: not a hook of shakespeare-char'],
    ['__proto__', '__proto__: not a hook of shakespeare-char']
  ])('has no %s', async (hook, message) => {
    await expect(value(hook)).rejects.toThrow(message)
  })

  it.each([
    [{ ids: [] }, 'The text has no tokens'],
    [{ ids: [65] }, 'Token 65 is outside the vocabulary of 65'],
    [{ ids: [-1] }, 'Token -1 is outside the vocabulary of 65'],
    [{ text: 'x'.repeat(193) }, 'The text has 193 tokens; shakespeare-char takes at most 192']
  ])('refuses %j', async (input, message) => {
    const params = { source: cpuSource(model, input) }
    await expect(workbench.handlers['runs.start'](params, uncancelled())).rejects.toThrow(message)
  })

  it('is the same handed on inside the engine, alone or beside another, as block by block', async () => {
    const texts = ['Speak, speak.', 'You are all resolved', 'rather to die than to famish']
    const last = async (on: Workbench, of: Run) => {
      const params = { runId: of.id, hook: 'blocks.3.hook_resid_post', exact: true }
      return (await on.handlers['runs.value'](params, uncancelled())).data
    }
    // The parts of this workbench are loaded; those of a fresh one are not, and run one after another.
    const handedOn = [await start(workbench, model, texts[0]!)]
    handedOn.push(...(await Promise.all(texts.slice(1).map(one => start(workbench, model, one)))))
    for (const [i, one] of texts.entries()) {
      const fresh = await startWorkbench()
      await fresh.handlers['models.open']({ path: shakespeare }, uncancelled())
      const alone = await last(fresh, await start(fresh, model, one))
      expect(await last(workbench, handedOn[i]!)).toEqual(alone)
      await fresh.close()
    }
  })

  it('of a long text stops between blocks when cancelled', async () => {
    const controller = new AbortController()
    const labels: string[] = []
    const long = Array.from({ length: 150 }, (_, i) => i % 9)
    const running = startIds(model, long, {
      ...uncancelled(controller.signal),
      progress({ label }) {
        labels.push(label)
        if (labels.length === 2) controller.abort()
      }
    })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(labels).toEqual(['Running block 1 of 4', 'Running block 2 of 4'])
  })

  it('is not computed again after a restart', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'lamella-restart-'))
    const labels: string[] = []
    const times: number[] = []
    for (let i = 0; i < 2; i++) {
      const fresh = await startWorkbench({}, dataFolder)
      const info = await fresh.handlers['models.open']({ path: shakespeare }, uncancelled())
      const params = { source: cpuSource(info, { text }) }
      const context = { ...uncancelled(), progress: (p: { label: string }) => labels.push(p.label) }
      const { milliseconds } = await fresh.handlers['runs.start'](params, context)
      times.push(milliseconds)
      await fresh.close()
    }
    expect(labels).toEqual(['Running blocks 1–4 of 4'])
    expect(times[0]).toBeGreaterThan(0)
    expect(times[1]).toBe(0)
  })

  it('of a model that is closed says so', async () => {
    const info = await open(copyOfSample())
    await workbench.handlers['models.close']({ modelId: info.id }, uncancelled())
    await expect(start(workbench, info, text)).rejects.toThrow('This model is not open')
  })
})

describe('auto', () => {
  it('takes a provider that agrees with the CPU and says why', async () => {
    const done = await startIds(model, [1, 2], uncancelled(), 'auto')
    const status = await workbench.handlers['engine.status']({}, uncancelled())
    expect(status.provider).toBe(done.source.provider)
    expect(status.providerReason).toMatch(/^Fastest on one block of 64 tokens: cpu \d/)
    expect(status.providerReason).not.toMatch(/⟨|\s{2}/)
  })
})

it('ends the processes that read models as it closes', async () => {
  const started: Promise<string>[] = []
  const own = await startWorkbench({}, undefined, undefined, {
    onSpawn: reader => started.push(new Promise(resolve => reader.onExit(resolve)))
  })
  await own.handlers['models.open']({ path: shakespeare }, uncancelled())
  expect(started.length).toBeGreaterThan(0)
  await own.close()
  await Promise.all(started)
})
