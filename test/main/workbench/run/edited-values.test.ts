import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Edit } from '#common/model/edit.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { affineOf, applied } from '../../../../src/main/workbench/run/affine.ts'
import { expectClose } from '../../../golden/compare.ts'
import {
  cpuSource,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

const ids = [1, 2, 3, 4, 5]
const otherIds = [9, 8, 7, 6, 5]
const [nHeads, dHead] = [4, 32]
const z = 'blocks.1.attn.hook_z'
const scores = 'blocks.1.attn.hook_attn_scores'

type SomeEdit = Partial<Edit> & Pick<Edit, 'hook'>
const whole = (edit: SomeEdit): Edit => ({ at: {}, scale: 1, add: null, ...edit })

async function run(edits: readonly SomeEdit[] = [], of: readonly number[] = ids) {
  const { handlers } = workbench
  const model = await handlers['models.open']({ path: shakespeare }, uncancelled())
  const source = cpuSource(model, { ids: [...of] }, edits.map(whole))
  return handlers['runs.start']({ source }, uncancelled())
}

async function value(
  hook: string,
  edits: readonly SomeEdit[] = [],
  of: readonly number[] = ids
): Promise<Float32Array> {
  const { id: runId } = await run(edits, of)
  return (await workbench.handlers['runs.value']({ runId, hook, exact: true }, uncancelled())).data
}

/** Where an entry of z lies. */
const placeOf = (i: number) => ({
  pos: Math.floor(i / (nHeads * dHead)),
  head: Math.floor(i / dHead) % nHeads,
  unit: i % dHead
})

/** The value of z in a run of edits, against what each of its entries is to become. */
async function expectEntries(
  edits: readonly SomeEdit[],
  become: (value: number, place: ReturnType<typeof placeOf>, i: number) => number
): Promise<void> {
  const before = await value(z)
  const expected = before.map((entry, i) => become(entry, placeOf(i), i))
  expectClose(await value(z, edits), expected, 1e-5, z)
}

describe('an edit', () => {
  it('adds the mean over positions of the run without edits', async () => {
    const before = await value(z)
    const mean = (i: number) =>
      ids.reduce((sum, _, pos) => sum + before[pos * nHeads * dHead + (i % (nHeads * dHead))]!, 0) /
      ids.length
    const earlier = { hook: 'blocks.0.hook_attn_out', scale: 0 }
    await expectEntries([earlier, { hook: z, scale: 0, add: 'mean' }], (_, __, i) => mean(i))
  })

  it('adds what another run has, as that run is edited, times a number', async () => {
    const theirs = [whole({ hook: 'blocks.0.hook_mlp_out', scale: 0 })]
    const other = await value(z, theirs, otherIds)
    expect(other).not.toEqual(await value(z, [], otherIds))
    const from = { input: { ids: otherIds }, edits: theirs }
    const add = { from, hook: z, times: -2 }
    await expectEntries([{ hook: z, at: { head: [0] }, add }], (entry, { head }, i) =>
      head === 0 ? entry - 2 * other[i]! : entry
    )
  })

  it('in a later block does not hide one in an earlier block that is named after it', async () => {
    const late = { hook: 'blocks.3.hook_mlp_out', scale: 0 }
    const early = { hook: 'blocks.1.hook_mlp_out', scale: 0 }
    const both = await value('logits', [late, early])
    expect(both).toEqual(await value('logits', [early, late]))
    expect(both).not.toEqual(await value('logits', [late]))
  })

  it('leaves the sign of zero where it is not', () => {
    const axes = [
      { name: 'pos', choice: 'pos', length: 2 },
      { name: 'd_model', choice: 'unit', length: 2 }
    ] as const
    const edit = whole({ hook: 'blocks.0.hook_resid_pre', at: { pos: [0] }, scale: 3 })
    const affine = affineOf(
      [edit],
      { hook: 'blocks.0.hook_resid_pre', axes, visibility: { causal: true, reach: null } },
      () => null
    )
    const before = { shape: [2, 2], data: Float32Array.of(1, 2, -0, 0) }
    expect(applied(before, affine).data).toEqual(Float32Array.of(3, 6, -0, 0))
  })
})

describe('runs of edits', () => {
  it('that change nothing are the run without edits, which says its edits', async () => {
    const plain = await run()
    const nothing = await run([
      { hook: z, add: 0 },
      { hook: scores, at: { head: [1] } }
    ])
    expect(nothing.id).toBe(plain.id)
    expect(nothing.source.edits.map(({ hook }) => hook)).toEqual([z, scores])
  })

  it('are others by hook, place, scale, addition and order', async () => {
    const one = whole({ hook: z, at: { head: [1] }, scale: 0.5, add: 1 })
    const others: Edit[][] = [
      [],
      [one],
      [{ ...one, hook: 'blocks.2.attn.hook_z' }],
      [{ ...one, at: { head: [2] } }],
      [{ ...one, at: { head: [1], pos: [0] } }],
      [{ ...one, scale: 0.25 }],
      [{ ...one, add: 2 }],
      [{ ...one, add: 'mean' }],
      [one, one],
      [one, { ...one, scale: 2 }],
      [{ ...one, scale: 2 }, one]
    ]
    const found: string[] = []
    for (const edits of others) found.push((await run(edits)).id)
    expect(new Set(found).size).toBe(others.length)
  })
})

describe('an edit that cannot be', () => {
  it('names which of several it is', async () => {
    await expect(run([{ hook: z }, { hook: z, at: { head: [4] } }])).rejects.toThrow(
      `edit 2, ${z}: head 4 is outside 0…3`
    )
  })

  it('of an ONNX graph is refused, unless it changes nothing', async () => {
    const path = join(projectRoot, 'test/golden/onnx-gpt2')
    const { handlers } = workbench
    const model = await handlers['models.open']({ path }, uncancelled())
    const start = (edit: SomeEdit) => {
      const source = cpuSource(model, { ids }, [whole(edit)])
      return handlers['runs.start']({ source }, uncancelled())
    }
    await expect(start({ hook: z, scale: 0 })).rejects.toMatchObject({ code: 'unsupported' })
    expect((await start({ hook: z })).complete).toBe(true)
  })
})
