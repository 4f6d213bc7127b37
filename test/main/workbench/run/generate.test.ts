import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Request } from '#common/model/call-table.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import type { Sampling } from '#common/model/sampling.ts'
import type { EngineCalls } from '../../../../src/main/engine/protocol.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { soundSafetensors } from '../../../bad/safetensors.ts'
import { editedRuns } from '../../../golden/analysis/edited-runs.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'

let workbench: Workbench
let model: ModelInfo
/** Places that the engine was told to let go of, one list for each time. */
const forgotten: (readonly string[])[] = []
/** Whether the engine dies as it is told to. */
let diesAtEnd = false
beforeAll(async () => {
  workbench = await startWorkbench({}, undefined, engine => {
    const send = engine.send.bind(engine)
    const noting = (message: unknown) => {
      const { call, argument } = message as Partial<Request<EngineCalls>>
      if (call === 'forget') forgotten.push((argument as { places: string[] }).places)
      if (call === 'forget' && diesAtEnd) engine.kill()
      else send(message)
    }
    Object.assign(engine, { send: noting })
  })
  model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
})
afterAll(() => workbench.close())

const usual: Sampling = { temperature: 1, topK: null, topP: null, seed: 0 }

function generate(
  text: string,
  options: { max?: number; sampling?: Sampling | null; stop?: boolean; cache?: boolean } = {},
  { edits = [] as Edit[], context = uncancelled(), of = model } = {}
) {
  const source = cpuSource(of, of === model ? { text } : { ids: [5, 7] }, edits)
  const asked = { source, max: 12, sampling: null, top: 0, stop: true, cache: true, ...options }
  return workbench.handlers['runs.generate'](asked, context)
}

const idsOf = ({ continuation }: Awaited<ReturnType<typeof generate>>) =>
  continuation.map(({ token }) => token.id)

it('draws the same tokens by the same seed, and draws as often as it says', async () => {
  const drawn = (seed: number, max = 12) => generate('To be', { max, sampling: { ...usual, seed } })
  expect(idsOf(await drawn(3))).toEqual(idsOf(await drawn(3)))
  expect(idsOf(await drawn(3))).not.toEqual(idsOf(await drawn(4)))
  const first = await Promise.all(Array.from({ length: 200 }, (_, seed) => drawn(seed, 1)))
  const counts = new Map<number, { seen: number; drawn: number }>()
  for (const { continuation } of first) {
    const [{ token, drawn }] = continuation as [(typeof continuation)[number]]
    counts.set(token.id, { seen: (counts.get(token.id)?.seen ?? 0) + 1, drawn })
  }
  // Four standard deviations of 200 draws.
  for (const { seen, drawn } of counts.values())
    expect(Math.abs(seen / 200 - drawn)).toBeLessThan(4 * Math.sqrt((drawn * (1 - drawn)) / 200))
})

it('takes the most probable token where no other is left', async () => {
  const greedy = idsOf(await generate('To be'))
  expect(idsOf(await generate('To be', { sampling: { ...usual, topK: 1 } }))).toEqual(greedy)
})

it('makes edits in every run', async () => {
  const edit: Edit = { hook: 'blocks.0.hook_mlp_out', at: {}, scale: 0, add: null }
  const edited = await generate('To be', { max: 3 }, { edits: [edit] })
  let text = 'To be'
  for (const { token, probability } of edited.continuation) {
    const source = cpuSource(model, { text }, [edit])
    const { id } = await workbench.handlers['runs.start']({ source }, uncancelled())
    const asked = { runId: id, hook: 'logits', index: text.length - 1, exact: true }
    const { data } = await workbench.handlers['runs.value'](asked, uncancelled())
    const most = Math.max(...data)
    expect(data.indexOf(most)).toBe(token.id)
    const sum = data.reduce((sum, logit) => sum + Math.exp(logit - most), 0)
    expect(probability).toBeCloseTo(1 / sum, 5)
    text += token.text
  }
})

it('says why it runs the whole text for each token, and then gives the same', async () => {
  const mean: Edit = { hook: 'blocks.1.attn.hook_z', at: {}, scale: 0, add: 'mean' }
  const edited = await generate('To be', {}, { edits: [mean] })
  expect(edited.whole).toBe(
    'edit 1, blocks.1.attn.hook_z: the mean over positions is another with each token'
  )
  const kept = await generate('To be')
  expect(kept.whole).toBeNull()
  const whole = await generate('To be', { cache: false })
  expect(whole.whole).toBe('keys and values are not to be kept')
  expect(idsOf(kept)).toEqual(idsOf(whole))
  expect(edited.continuation[0]!.margin).not.toBeCloseTo(whole.continuation[0]!.margin!, 3)
})

it('gives the same by a model that is streamed from disk', async () => {
  const expected = idsOf(await generate('To be', { cache: false }))
  const budget = (memoryBudgetBytes: number | null) =>
    workbench.handlers['settings.set']({ memoryBudgetBytes }, uncancelled())
  await budget(1e6)
  try {
    const streamed = await generate('To be')
    expect(streamed.whole).toBeNull()
    expect(idsOf(streamed)).toEqual(expected)
  } finally {
    await budget(null)
  }
})

it('goes on by an ONNX graph, which runs as a whole', async () => {
  const { model: of } = await editedRuns(workbench, 'onnx-gpt2')
  const found = await generate('', { max: 2 }, { of })
  expect(found.continuation).toHaveLength(2)
  expect(found.whole).toBe('an ONNX graph runs as a whole')
})

it('ends with a token that the model ends texts with, unless it is told to go on', async () => {
  const free = idsOf(await generate('To be'))
  const ending = async (ends: unknown) => {
    const path = mkdtempSync(join(tmpdir(), 'lamella-ends-'))
    cpSync(shakespeare, path, { recursive: true })
    writeFileSync(join(path, 'generation_config.json'), JSON.stringify({ eos_token_id: ends }))
    return workbench.handlers['models.open']({ path }, uncancelled())
  }
  const asked = { max: 12, sampling: null, top: 0, cache: true }
  const goOn = async (of: ModelInfo, stop: boolean) => {
    const source = cpuSource(of, { text: 'To be' })
    return workbench.handlers['runs.generate']({ source, ...asked, stop }, uncancelled())
  }
  const last = free.indexOf(free[3]!)
  const of = await ending([9999, free[3]])
  const found = await goOn(of, true)
  expect(found.ended).toBe('end')
  expect(idsOf(found)).toEqual(free.slice(0, last + 1))
  // The most probable token is not drawn by chance.
  expect(found.continuation.every(({ drawn }) => drawn === 1)).toBe(true)
  const on = await goOn(of, false)
  expect(on.ended).toBe('length')
  expect(idsOf(on)).toEqual(free)

  const broken = await ending('</s>')
  await expect(goOn(broken, true)).rejects.toThrow(
    /^generation_config.json: eos_token_id: expected/
  )
  expect(idsOf(await goOn(broken, false))).toEqual(free)
})

it('ends where the model takes no more', async () => {
  const { nCtx } = model.config!
  const found = await generate('a'.repeat(nCtx - 2), { max: 10 })
  // What follows as many tokens as the model takes is still told.
  expect(found.continuation).toHaveLength(3)
  expect(found.ended).toBe('context')
})

it('goes on with a vocabulary of one token, which is above no other', async () => {
  const path = mkdtempSync(join(tmpdir(), 'lamella-one-'))
  const widths = { n_embd: 2, n_head: 1, n_layer: 1, n_positions: 8, vocab_size: 1 }
  const config = { model_type: 'gpt2', architectures: ['GPT2LMHeadModel'], ...widths }
  writeFileSync(join(path, 'config.json'), JSON.stringify(config))
  const shapes: Record<string, number[]> = {
    ...{ 'wte.weight': [1, 2], 'wpe.weight': [8, 2] },
    ...{ 'h.0.attn.c_attn.weight': [2, 6], 'h.0.attn.c_attn.bias': [6] },
    ...{ 'h.0.attn.c_proj.weight': [2, 2], 'h.0.attn.c_proj.bias': [2] },
    ...{ 'h.0.mlp.c_fc.weight': [2, 8], 'h.0.mlp.c_fc.bias': [8] },
    ...{ 'h.0.mlp.c_proj.weight': [8, 2], 'h.0.mlp.c_proj.bias': [2] },
    ...Object.fromEntries(
      ['h.0.ln_1', 'h.0.ln_2', 'ln_f'].flatMap(norm =>
        ['weight', 'bias'].map(part => [`${norm}.${part}`, [2]])
      )
    )
  }
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const data = new Uint8Array(4 * shape.reduce((product, length) => product * length))
    return { name, dtype: 'F32', shape, data }
  })
  writeFileSync(join(path, 'model.safetensors'), soundSafetensors(tensors))
  const of = await workbench.handlers['models.open']({ path }, uncancelled())
  const source = cpuSource(of, { ids: [0] })
  const asked = { source, max: 2, sampling: null, top: 1, stop: false, cache: true }
  const { continuation } = await workbench.handlers['runs.generate'](asked, uncancelled())
  expect(continuation).toMatchObject(Array(2).fill({ probability: 1, margin: null }))
})

it('leaves nothing in the cache', async () => {
  /** Once all that waits is stored. */
  const stored = async () => {
    let before = -1
    const same = async () => {
      const { cacheBytes } = await workbench.handlers['engine.status']({}, uncancelled())
      const isSame = cacheBytes === before
      before = cacheBytes
      return isSame
    }
    // The cache stores what waits once nothing came for 50 ms.
    await expect.poll(same, { interval: 200 }).toBe(true)
    return before
  }
  const before = await stored()
  await generate('Leave nothing')
  expect(await stored()).toBe(before)
})

it('says how far it is, and stops when it is told', async () => {
  const stop = new AbortController()
  const labels: string[] = []
  const context = {
    ...uncancelled(stop.signal),
    progress({ label }: { label: string }) {
      labels.push(label)
      if (label === 'Token 4 of 12') stop.abort(new Error('enough'))
    }
  }
  const before = forgotten.length
  await expect(generate('To be', {}, { context })).rejects.toThrow('Cancelled')
  expect(labels.at(-1)).toBe('Token 4 of 12')
  // Keys and values of every layer.
  expect(forgotten.slice(before).map(({ length }) => length)).toEqual([2 * model.config!.nLayers])
})

it('refuses a model that does not say what comes next', async () => {
  const { model: of } = await editedRuns(workbench, 'bert')
  await expect(generate('', {}, { of })).rejects.toThrow(/does not predict the next token/)
})

it('gives what followed where the engine dies as it is told to let go of it', async () => {
  const before = await generate('To be')
  diesAtEnd = true
  const told = forgotten.length
  const found = await generate('To be').finally(() => (diesAtEnd = false))
  expect(forgotten.length).toBe(told + 1)
  expect(idsOf(found)).toEqual(idsOf(before))
})
