import { beforeAll, describe, expect, it } from 'vitest'
import { logSumExp } from '#common/analysis/softmax.ts'
import { variable } from '#common/data/dataset.ts'
import { blockHookName } from '#common/model/hooks.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import { analysed, sharedWorkbench } from '../workbench.ts'
import { editedRuns, type EditedRuns, type SomeEdit } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

interface Scalars {
  readonly loss: number
  readonly set: {
    readonly heads: readonly (readonly [number, number])[]
    readonly zero: number
    readonly mean: number
  }
}

/** Of losses in nats; gradients are within a thousandth of the largest. */
const tolerance = 1e-4

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const zero = { scale: 0 } as const
const mean = { scale: 0, add: 'mean' } as const
const head = (layer: number, head: number) => ({
  hook: blockHookName(layer, 'attn.hook_z'),
  at: { head: [head] }
})

describe.each(references('ablation'))('ablation of %s', name => {
  let runs: EditedRuns
  let ids: number[]
  /** What is to be predicted: at which positions, and which tokens. */
  let asked: { positions: number[]; tokens: number[] }
  let reference: Awaited<ReturnType<typeof readReference<Scalars>>>
  beforeAll(async () => {
    runs = await editedRuns(workbench, name.replace(/\.\d+$/, ''))
    reference = await readReference<Scalars>('ablation', name)
    ids = await reference.integers('input_ids')
    const isMasked = reference.names.includes('masked')
    const positions = isMasked
      ? await reference.integers('masked')
      : ids.slice(1).map((_, position) => position)
    const labels = isMasked ? await reference.integers('labels') : null
    asked = { positions, tokens: positions.map(pos => labels?.[pos] ?? ids[pos + 1]!) }
  })

  /** The cross-entropy of each token that is to be predicted. */
  async function tokenLosses(edits: readonly SomeEdit[] = []): Promise<number[]> {
    const logits = await runs.logits(ids, edits)
    const width = logits.length / ids.length
    return asked.positions.map((position, i) => {
      const row = logits.subarray(position * width, (position + 1) * width)
      return logSumExp(row) - row[asked.tokens[i]!]!
    })
  }

  const loss = async (edits: readonly SomeEdit[]) => meanOf(await tokenLosses(edits))
  const layers = () => Array.from({ length: runs.nLayers }, (_, layer) => layer)
  const heads = () =>
    layers().flatMap(layer =>
      Array.from({ length: runs.nHeads }, (_, head) => [layer, head] as const)
    )

  async function expectAll(tensor: string, values: readonly number[]): Promise<void> {
    expectClose(Float32Array.from(values), await reference.read(tensor), tolerance, tensor)
  }

  it('nothing', async () => {
    const losses = await tokenLosses()
    await expectAll('token_loss', losses)
    expect(Math.abs(meanOf(losses) - reference.scalars.loss)).toBeLessThanOrEqual(tolerance)
  })

  it.each([
    ['zero', zero],
    ['mean', mean]
  ] as const)('each head: %s', async (kind, how) => {
    const losses: number[][] = []
    for (const place of heads()) losses.push(await tokenLosses([{ ...head(...place), ...how }]))
    await expectAll(`${kind}_token_loss`, losses.flat())
    await expectAll(kind, losses.map(meanOf))
  })

  it.each([
    ['zero_attn', 'hook_attn_out', zero],
    ['zero_mlp', 'hook_mlp_out', zero],
    ['mean_attn', 'hook_attn_out', mean],
    ['mean_mlp', 'hook_mlp_out', mean]
  ] as const)('half a layer: %s', async (tensor, hook, how) => {
    const losses: number[] = []
    for (const layer of layers())
      losses.push(await loss([{ hook: blockHookName(layer, hook), ...how }]))
    await expectAll(tensor, losses)
  })

  it('heads together', async () => {
    const { set } = reference.scalars
    for (const [kind, how] of Object.entries({ zero, mean })) {
      const together = await loss(set.heads.map(place => ({ ...head(...place), ...how })))
      const expected = set[kind as 'zero' | 'mean']
      expect(Math.abs(together - expected), kind).toBeLessThanOrEqual(tolerance)
    }
  })

  it('a head that is scaled', async () => {
    const losses: number[] = []
    for (const scale of [0, 0.5, 2]) losses.push(await loss([{ ...head(0, 1), scale }]))
    await expectAll('scaled', losses)
  })

  it('the gradient of the loss by the scale of each head', async () => {
    const labels = ids.map((_, pos) => asked.tokens[asked.positions.indexOf(pos)] ?? -100)
    const target = reference.names.includes('masked')
      ? ({ kind: 'loss', labels } as const)
      : ({ kind: 'loss' } as const)
    const runId = await runs.start(
      ids,
      heads().map(place => head(...place))
    )
    const { scales, value } = await runs.gradient(runId, target, [])
    expect(Math.abs(value - reference.scalars.loss)).toBeLessThanOrEqual(tolerance)

    const expected = await reference.read('mask_grad')
    const within = 1e-3 * Math.max(...expected.map(Math.abs))
    expectClose(Float32Array.from(scales), expected, within, 'mask_grad')
    const importance = scales.map(Math.abs)
    const read = await reference.read('importance')
    expectClose(Float32Array.from(importance), read, within, 'importance')
    const normalised = layers().flatMap(layer => {
      const own = importance.slice(layer * runs.nHeads, (layer + 1) * runs.nHeads)
      return own.map(value => value / Math.hypot(...own))
    })
    const l2 = await reference.read('importance_l2')
    expectClose(Float32Array.from(normalised), l2, 1e-3, 'importance_l2')
  })
  it('head-importance', async () => {
    const isMasked = reference.names.includes('masked')
    const labels = ids.map((_, pos) => asked.tokens[asked.positions.indexOf(pos)] ?? -100)
    const params = { target: isMasked ? { kind: 'loss', labels } : { kind: 'loss' } }
    const result = await analysed(workbench, runs.model, 'head-importance', params, { ids })
    const found = (name: string) => Float32Array.from(variable(result, name).data)
    const expected = await reference.read('mask_grad')
    const within = 1e-3 * Math.max(...expected.map(Math.abs))
    expectClose(found('mask_grad'), expected, within, 'mask_grad')
    expectClose(found('importance'), await reference.read('importance'), within, 'importance')
    expectClose(
      found('importance_l2'),
      await reference.read('importance_l2'),
      1e-3,
      'importance_l2'
    )
    expect(Math.abs(found('value')[0]! - reference.scalars.loss)).toBeLessThanOrEqual(tolerance)
  })

  it('ablation, every number', async () => {
    const isMasked = reference.names.includes('masked')
    const { set, loss } = reference.scalars
    const pairs = asked.positions.map((position, i) => `${position}:${asked.tokens[i]}`)
    const heads = set.heads.map(place => [...place])
    const params = { set: heads, ...(isMasked && { masked: pairs.join() }) }
    const result = await analysed(workbench, runs.model, 'ablation', params, { ids })
    const found = (name: string) => Float32Array.from(variable(result, name).data)
    // `scaled` is no ablation; the first three are what it was asked of.
    const given = ['input_ids', 'labels', 'masked', 'scaled']
    for (const name of reference.names.filter(name => !given.includes(name))) {
      const expected = await reference.read(name)
      const isGradient = name === 'mask_grad' || name === 'importance'
      const within = isGradient ? 1e-3 * Math.max(...expected.map(Math.abs)) : tolerance
      expectClose(found(name), expected, name === 'importance_l2' ? 1e-3 : within, name)
      const { length } = reference.shape(name)
      expect(variable(result, name).axes, name).toHaveLength(length)
    }
    const scalars = [found('loss')[0], found('set.zero')[0], found('set.mean')[0]]
    for (const [i, expected] of [loss, set.zero, set.mean].entries())
      expect(Math.abs(scalars[i]! - expected)).toBeLessThanOrEqual(tolerance)
    expect([...variable(result, 'predicted_token').data]).toEqual(asked.tokens)
  })
})

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
