import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Progress } from '#common/contract/schemas.ts'
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
const [nHeads, dHead, nLayers] = [4, 32, 4]
const z = 'blocks.1.attn.hook_z'
const scores = 'blocks.1.attn.hook_attn_scores'
const pattern = 'blocks.1.attn.hook_pattern'

type SomeEdit = Partial<Edit> & Pick<Edit, 'hook'>
const whole = (edit: SomeEdit): Edit => ({ at: {}, scale: 1, add: null, ...edit })

async function run(
  edits: readonly SomeEdit[] = [],
  of: readonly number[] = ids,
  progress: (progress: Progress) => void = () => undefined
) {
  const { handlers } = workbench
  const model = await handlers['models.open']({ path: shakespeare }, uncancelled())
  const source = cpuSource(model, { ids: [...of] }, edits.map(whole))
  return handlers['runs.start']({ source }, { ...uncancelled(), progress })
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
  it('scales and adds where it is, and nowhere else', async () => {
    const at = { pos: [1, 3], head: [2], unit: '4:9' }
    await expectEntries([{ hook: z, at, scale: 2, add: 0.5 }], (entry, { pos, head, unit }) =>
      (pos === 1 || pos === 3) && head === 2 && unit >= 4 && unit < 9 ? 2 * entry + 0.5 : entry
    )
  })

  it('adds a list by units, or by all entries', async () => {
    const units = Array.from({ length: dHead }, (_, unit) => unit / 10)
    await expectEntries([{ hook: z, at: { head: [3] }, add: units }], (entry, { head, unit }) =>
      head === 3 ? entry + unit / 10 : entry
    )
    await expectEntries(
      [{ hook: z, at: { pos: [0, 4], head: [1], unit: [7] }, add: [1, -1] }],
      (entry, { pos, head, unit }) =>
        head === 1 && unit === 7 && pos % 4 === 0 ? entry + (pos === 0 ? 1 : -1) : entry
    )
  })

  it('of a hook that is edited already goes on from there', async () => {
    const twice = [
      { hook: z, scale: 2, add: 1 },
      { hook: z, at: { pos: [2] }, scale: 3, add: 10 }
    ]
    await expectEntries(twice, (entry, { pos }) => (pos === 2 ? 6 * entry + 13 : 2 * entry + 1))
  })

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

  it('of scores or patterns leaves cells that their query does not see', async () => {
    const edited = await value(pattern, [{ hook: pattern, scale: 0.5, add: 1 }])
    const before = await value(pattern)
    const n = ids.length
    const isSeen = (i: number) => i % n <= Math.floor(i / n) % n
    expectClose(
      edited,
      before.map((entry, i) => (isSeen(i) ? 0.5 * entry + 1 : 0)),
      1e-6,
      pattern
    )
    const raised = await value(scores, [{ hook: scores, add: 1 }])
    const plain = await value(scores)
    raised.forEach((score, i) => {
      if (isSeen(i)) expect(score).toBeCloseTo(plain[i]! + 1, 4)
      else expect(score).toBe(-Infinity)
    })
    // All of a row raised alike: softmax does not see it.
    expectClose(await value(pattern, [{ hook: scores, add: 1 }]), before, 1e-6, pattern)
  })

  it('begins where it is: the blocks before are those of the run without edits', async () => {
    await run([], [4, 4, 4])
    const labels: string[] = []
    const edits = [
      { hook: 'blocks.3.hook_mlp_out', scale: 0 },
      { hook: 'blocks.2.attn.hook_z', scale: 0 }
    ]
    await run(edits, [4, 4, 4], ({ label }) => labels.push(label))
    expect(labels).toEqual([3, 4].map(block => `Running block ${block} of ${nLayers}`))
  })

  it('leaves the sign of zero where it is not', () => {
    const axes = [
      { name: 'pos', choice: 'pos', length: 2 },
      { name: 'd_model', choice: 'unit', length: 2 }
    ] as const
    const edit = whole({ hook: 'blocks.0.hook_resid_pre', at: { pos: [0] }, scale: 3 })
    const affine = affineOf(axes, [edit], { causal: true, reach: null }, () => null)
    const before = { shape: [2, 2], data: Float32Array.of(1, 2, -0, 0) }
    expect(applied(before, affine).data).toEqual(Float32Array.of(3, 6, -0, 0))
  })
})

describe('runs of edits', () => {
  it.each<[string, SomeEdit, SomeEdit]>([
    ['in any order', { hook: z, at: { head: [2, 0] } }, { hook: z, at: { head: [0, 2] } }],
    ['named twice', { hook: z, at: { head: [1, 1] } }, { hook: z, at: { head: [1] } }],
    ['as a range', { hook: z, at: { pos: '1:3' } }, { hook: z, at: { pos: [1, 2] } }],
    ['all of them', { hook: z, at: { pos: '0:5' } }, { hook: z }]
  ])('are the same with places %s', async (_, one, same) => {
    const id = async (edit: SomeEdit) => (await run([{ ...edit, scale: 0 }])).id
    expect(await id(one)).toBe(await id(same))
  })

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
  it.each<[SomeEdit, RegExp]>([
    [{ hook: 'blocks.0.hook_nothing' }, /^edit 1, blocks\.0\.hook_nothing: is not a hook of/],
    [{ hook: 'logits' }, /is computed after the last block, where nothing is edited$/],
    [{ hook: z, at: { key: [0] } }, /has no axis key, it has pos, head, unit$/],
    [{ hook: z, at: { head: [] } }, /chooses nothing along head$/],
    [{ hook: z, at: { pos: '3:3' } }, /chooses nothing along pos$/],
    [{ hook: z, add: [1, 2, 3] }, /adds a list of 3, expected 32 .* or 640 /],
    [{ hook: z, add: '-inf' }, /"-inf" is added to scores alone$/],
    [{ hook: scores, add: 'mean' }, /has no positions to take a mean over$/],
    [{ hook: scores, at: { query: [2], key: '0:3' }, add: '-inf' }, /query 2 would see no key$/],
    [
      { hook: z, add: { from: { input: { ids: [1, 2] }, edits: [] }, hook: z, times: 1 } },
      /adds from blocks\.1\.attn\.hook_z \[2, 4, 32\] of another run, where .* are not$/
    ],
    [
      { hook: z, add: { from: { input: { ids: [65] }, edits: [] }, hook: z, times: 1 } },
      /^Token 65 is outside the vocabulary of 65$/
    ],
    [
      { hook: z, add: { from: { input: { ids }, edits: [] }, hook: 'hook_embed', times: 1 } },
      /adds from hook_embed \[5, 128\] of another run/
    ]
  ])('%j is refused in words', async (edit, message) => {
    await expect(run([{ scale: 0, ...edit }])).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(message) as string
    })
  })

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
