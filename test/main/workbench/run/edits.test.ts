import { mkdtempSync, cpSync, appendFileSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import {
  analysed,
  cpuSource,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

const ids = [20, 43, 50, 50, 53, 1]
let workbench: Workbench
let model: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench()
  model = await open(shakespeare)
})
afterAll(() => workbench.close())

function open(path: string): Promise<ModelInfo> {
  return workbench.handlers['models.open']({ path }, uncancelled())
}

type Some = Partial<Edit> & Pick<Edit, 'hook'>

function start(edits: readonly Some[] = [], of = model, input: number[] = ids): Promise<Run> {
  const complete = edits.map(edit => ({ at: {}, scale: 1, add: null, ...edit }))
  const source = cpuSource(of, { ids: input }, complete)
  return workbench.handlers['runs.start']({ source }, uncancelled())
}

async function value(run: Run, hook: string, index?: number): Promise<Float32Array> {
  const params = { runId: run.id, hook, exact: true, index }
  return (await workbench.handlers['runs.value'](params, uncancelled())).data
}

const z = 'blocks.1.attn.hook_z'
const scores = 'blocks.1.attn.hook_attn_scores'

describe('an edit', () => {
  it('of nothing is the run itself, bit for bit', async () => {
    const plain = await start()
    for (const edit of [{ hook: z }, { hook: z, add: 0 }, { hook: z, at: { head: [1] } }])
      expect((await start([edit])).id).toBe(plain.id)
  })

  it('that covers no place leaves every bit where it is', async () => {
    const plain = await value(await start(), 'logits')
    // Adds −0 and multiplies by 1 but where the number is scaled by itself.
    const edited = await start([
      { hook: z, at: { pos: [5], head: [0], unit: [0] }, scale: 1, add: 1e-30 }
    ])
    expect(edited.id).not.toBe((await start()).id)
    expect(await value(edited, 'logits')).toEqual(plain)
  })

  it('changes what it covers, and no more', async () => {
    const before = await value(await start(), z)
    const after = await value(
      await start([{ hook: z, at: { pos: '1:3', head: [2] }, scale: 2, add: 0.5 }]),
      z
    )
    const dHead = model.config!.dHead
    before.forEach((number, i) => {
      const head = Math.floor(i / dHead) % model.config!.nHeads
      const pos = Math.floor(i / dHead / model.config!.nHeads)
      const covered = head === 2 && (pos === 1 || pos === 2)
      expect(after[i]).toBe(covered ? Math.fround(Math.fround(2 * number) + 0.5) : number)
    })
  })

  it('comes after the one before it, at the same hook', async () => {
    const before = await value(await start(), z)
    const twice = [
      { hook: z, scale: 2 },
      { hook: z, add: 1 },
      { hook: z, scale: -1 }
    ]
    const after = await value(await start(twice), z)
    after.forEach((number, i) => expect(number).toBeCloseTo(-(2 * before[i]! + 1), 5))
  })

  it('adds one number a unit, or one an entry', async () => {
    const hook = 'blocks.2.hook_mlp_out'
    const before = await value(await start(), hook)
    const { dModel } = model.config!
    const byUnit = Array.from({ length: dModel }, (_, i) => i)
    const units = await value(
      await start([{ hook, at: { pos: [1, 4] }, scale: 0, add: byUnit }]),
      hook
    )
    const byEntry = [...byUnit, ...byUnit.map(i => -i)]
    const entries = await value(
      await start([{ hook, at: { pos: [1, 4] }, scale: 0, add: byEntry }]),
      hook
    )
    for (let i = 0; i < before.length; i++) {
      const pos = Math.floor(i / dModel)
      const unit = i % dModel
      expect(units[i]).toBe(pos === 1 || pos === 4 ? unit : before[i])
      expect(entries[i]! + 0).toBe((pos === 1 ? unit : pos === 4 ? -unit : before[i]!) + 0)
    }
  })

  it('leaves the cells that a query may not see', async () => {
    const pattern = 'blocks.1.attn.hook_pattern'
    const run = await start([{ hook: pattern, scale: 0, add: 1 }])
    const after = await value(run, pattern)
    after.forEach((weight, i) => {
      const key = i % ids.length
      const query = Math.floor(i / ids.length) % ids.length
      expect(weight).toBe(key <= query ? 1 : 0)
    })
    const raised = await value(await start([{ hook: scores, scale: 0 }]), pattern)
    expect(raised[1]).toBe(0)
    expect(raised[ids.length]).toBeCloseTo(0.5, 5)
  })

  it('knocks out an edge: the rest of the row stands for all of it', async () => {
    const at = { head: [0], query: [5], key: [2] }
    const run = await start([{ hook: scores, at, add: '-inf' }])
    const row = (await value(run, 'blocks.1.attn.hook_pattern', 0)).slice(30, 36)
    expect(row[2]).toBe(0)
    expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
    expect((await value(run, scores, 0))[32]).toBe(-Infinity)
  })

  it('of the embedding, and of what comes into a block, reaches all that follows', async () => {
    const plain = await start()
    for (const hook of ['hook_embed', 'blocks.0.hook_resid_pre', 'blocks.3.hook_resid_post']) {
      const run = await start([{ hook, scale: 0, add: 'mean' }])
      const [edited, original] = [await value(run, hook), await value(plain, hook)]
      const width = edited.length / ids.length
      for (let unit = 0; unit < width; unit++) {
        let sum = 0
        for (let pos = 0; pos < ids.length; pos++) sum += original[pos * width + unit]!
        for (let pos = 0; pos < ids.length; pos++)
          expect(edited[pos * width + unit]).toBeCloseTo(sum / ids.length, 4)
      }
      expect(await value(run, 'logits')).not.toEqual(await value(plain, 'logits'))
    }
  })

  it('takes from a run of another text, itself edited', async () => {
    const other = [1, 2, 3, 4, 5, 6]
    const hook = 'blocks.2.hook_resid_pre'
    const inner = { hook: 'blocks.0.hook_mlp_out', at: {}, scale: 0, add: null }
    const from = { input: { ids: other }, edits: [inner] }
    const run = await start([{ hook, scale: 0, add: { from, hook, times: 1 } }])
    const theirs = await value(await start([inner], model, other), 'logits')
    expect(await value(run, 'logits')).toEqual(theirs)
  })

  it('of what comes into blocks far apart is made at each of them', async () => {
    const hooks = ['blocks.0.hook_resid_pre', 'blocks.2.hook_resid_pre']
    const edits = hooks.map(hook => ({ hook, add: 0.5 }))
    await start(edits, model, [7, 7, 7])
    const run = await start(edits, model, [3, 1, 2])
    const before = await value(run, 'blocks.1.hook_resid_post')
    const after = await value(run, hooks[1]!)
    after.forEach((number, i) => expect(number).toBe(Math.fround(before[i]! + 0.5)))
    const first = await start(edits.slice(0, 1), model, [3, 1, 2])
    expect(await value(run, 'logits')).not.toEqual(await value(first, 'logits'))
  })

  it('takes from a longer text at places that both have, and not without saying them', async () => {
    const from = { input: { ids: [1, 2, 3, 4, 5, 6, 7] }, edits: [] }
    const add = { from, hook: z, times: 1 }
    await expect(start([{ hook: z, scale: 0, add }])).rejects.toThrow('of another run')
    const run = await start([{ hook: z, at: { pos: [5] }, scale: 0, add }])
    const theirs = await value(await start([], model, from.input.ids), z)
    const width = theirs.length / 7
    const own = await value(run, z)
    expect(own.slice(5 * width)).toEqual(theirs.slice(5 * width, 6 * width))
    const short = { ...add, from: { input: { ids: [1, 2, 3, 4, 5] }, edits: [] } }
    await expect(start([{ hook: z, at: { pos: [5] }, add: short }])).rejects.toThrow(
      'of another run'
    )
  })

  it('is the same edit however its places are written', async () => {
    const one = await start([{ hook: z, at: { head: [2, 1, 1], pos: '0:6' }, scale: 0 }])
    const other = await start([{ hook: z, at: { head: '1:3' }, scale: 0 }])
    expect(one.id).toBe(other.id)
    expect(one.source.edits).toEqual([{ hook: z, at: { head: [1, 2] }, scale: 0, add: null }])
  })

  it('is not made of a block before the first that it edits', async () => {
    const labels: string[] = []
    const context = {
      ...uncancelled(),
      progress: ({ label }: { label: string }) => labels.push(label)
    }
    const input = [9, 8, 7, 6, 5]
    await start([], model, input)
    const edit = { hook: 'blocks.2.hook_mlp_out', at: {}, scale: 0, add: null }
    await workbench.handlers['runs.start'](
      { source: cpuSource(model, { ids: input }, [edit]) },
      context
    )
    expect(labels).toEqual(['Running block 3 of 4', 'Running block 4 of 4'])
  })

  it.each<[Some, RegExp]>([
    [{ hook: 'blocks.9.attn.hook_z' }, /^edit 1, blocks\.9\.attn\.hook_z: layer 9 is outside 0…3$/],
    [{ hook: 'logits', scale: 0 }, /^edit 1, logits: is computed after the last block/],
    [{ hook: z, at: { head: [4] } }, /head 4 is outside 0…3$/],
    [{ hook: z, at: { pos: '0:7' } }, /pos 6 is outside 0…5$/],
    [{ hook: z, at: { pos: '0:99999999999' } }, /pos 99999999998 is outside 0…5$/],
    [{ hook: z, at: { pos: '3:3' } }, /chooses nothing along pos$/],
    [{ hook: z, at: { query: [0] } }, /has no axis query, it has pos, head, unit$/],
    [{ hook: z, add: '-inf' }, /"-inf" is added to scores alone/],
    [{ hook: scores, add: 'mean' }, /has no positions to take a mean over$/],
    [{ hook: z, add: [1, 2] }, /adds a list of 2, expected \d+ \(one a unit\) or \d+/],
    [
      { hook: z, add: { from: { input: { ids: [1, 2] }, edits: [] }, hook: z, times: 1 } },
      /adds from blocks\.1\.attn\.hook_z \[2, 4, \d+\] of another run/
    ],
    [
      { hook: scores, at: { query: [0] }, add: '-inf' },
      /^blocks\.1\.attn\.hook_attn_scores: query 0 would see no key once it is edited$/
    ]
  ])('that does not fit is refused: %j', async (edit, message) => {
    await expect(start([edit])).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(message) as string
    })
  })
})

describe('a run', () => {
  function copy(): string {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-edits-')), 'gpt2')
    cpSync(join(projectRoot, 'test/golden/gpt2'), folder, { recursive: true })
    return folder
  }

  it('goes with its model', async () => {
    const of = await open(copy())
    const run = await start([], of, [1, 2, 3])
    await workbench.handlers['models.close']({ modelId: of.id }, uncancelled())
    await expect(value(run, 'logits')).rejects.toThrow('This run is gone')
  })

  it('ends where its model is closed', async () => {
    const of = await open(copy())
    const closing = async () => {
      await workbench.handlers['models.close']({ modelId: of.id }, uncancelled())
    }
    const source = cpuSource(of, { ids: [1, 2, 3] })
    const progress = () => void closing().catch(() => undefined)
    const running = workbench.handlers['runs.start']({ source }, { ...uncancelled(), progress })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('answers nothing once a file of its model has changed, and names the file', async () => {
    const folder = copy()
    const of = await open(folder)
    const run = await start([], of, [1, 2, 3])
    const file = join(folder, 'model.safetensors')
    const { atime, mtime } = statSync(file)
    appendFileSync(file, ' ')
    utimesSync(file, atime, mtime)
    const target = { kind: 'logit', position: 0, token: 1 } as const
    const calls = [
      () => value(run, 'logits'),
      () => start([], of, [1, 2, 3]),
      () => workbench.handlers['runs.complete']({ runId: run.id }, uncancelled()),
      () =>
        workbench.handlers['runs.gradient']({ runId: run.id, target, hooks: [] }, uncancelled()),
      () => analysed(workbench, of, 'predictions', {}, { ids: [1, 2, 3] }),
      () => analysed(workbench, of, 'head-scores', {}, { ids: [1, 2, 3] }),
      () => analysed(workbench, of, 'value-check')
    ]
    for (const call of calls)
      await expect(call()).rejects.toThrow('model.safetensors: changed since it was opened')
  })

  it('is of the model that was opened, not of another at its path', async () => {
    const of = await open(copy())
    const source = cpuSource({ ...of, fingerprint: 'another' }, { ids: [1] })
    const starting = workbench.handlers['runs.start']({ source }, uncancelled())
    await expect(starting).rejects.toThrow('gpt2: is another model now than the one asked for')
  })
})
