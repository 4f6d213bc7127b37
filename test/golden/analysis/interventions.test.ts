import { beforeAll, describe, expect, it } from 'vitest'
import { variable } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import { blockHookName, type BlockHook } from '#common/model/hooks.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import { sharedWorkbench, uncancelled } from '../workbench.ts'
import { editedRuns, type EditedRuns, type SomeEdit } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

interface Scalars {
  readonly answer: number
  readonly other: number
  readonly clean: number
  readonly corrupt: number
  readonly 'steer.layer': number
  readonly coefficient: number
  readonly cut_key: number
  readonly replaced: number
}

/** Of logits and differences of logits; attributions are within a thousandth of the largest. */
const tolerance = 1e-3

/**
 * Where what enters a ReLU is 0 but for 2e-7, the derivative jumps and float32 cannot tell the side: a nudge to the side
 * that float64 is on.
 */
const kinks: Readonly<Record<string, readonly SomeEdit[]>> = {
  'hebrew-minigpt': [{ hook: 'blocks.3.mlp.hook_pre', at: { pos: [23], unit: [491] }, add: -1e-5 }]
}

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

describe.each(references('interventions'))('interventions in %s', name => {
  let runs: EditedRuns
  let clean: number[]
  let corrupt: number[]
  let reference: Awaited<ReturnType<typeof readReference<Scalars>>>
  beforeAll(async () => {
    runs = await editedRuns(workbench, name)
    reference = await readReference<Scalars>('interventions', name)
    clean = await reference.integers('clean_ids')
    corrupt = await reference.integers('corrupt_ids')
  })

  it('compare-predictions of edits with edits', async () => {
    const { model } = runs
    const zs = (layer: number) => blockHookName(layer, 'attn.hook_z')
    const scaled = [
      { hook: zs(0), at: { head: [1] }, scale: 0.5, add: null },
      { hook: zs(runs.nLayers - 1), at: { head: [0] }, scale: -1, add: null }
    ]
    const flat = await reference.integers('neurons')
    const neurons = upTo(flat.length / 2).map(i => ({
      hook: blockHookName(flat[2 * i]!, 'mlp.hook_post'),
      at: { unit: [flat[2 * i + 1]!] },
      scale: 0,
      add: null
    }))
    const { path, fingerprint } = model
    const subject = (edits: Edit[]) => ({
      model: { path, fingerprint },
      corpus: { inputs: [{ ids: clean }], window: null, stride: null },
      edits,
      provider: 'cpu' as const
    })
    const result = await workbench.handlers['analysis.run'](
      {
        name: 'compare-predictions',
        params: {},
        of: subject(scaled),
        with: subject(neurons)
      },
      uncancelled()
    )
    const logits = [
      await reference.read('heads_scaled.logits'),
      await reference.read('neurons.logits')
    ]
    const width = logits[0]!.length / clean.length
    const distributions = logits.map(all =>
      clean.map((_, pos) => {
        const row = [...all.subarray(pos * width, (pos + 1) * width)]
        const sum = row.reduce((sum, logit) => sum + Math.exp(logit), 0)
        return row.map(logit => Math.exp(logit) / sum)
      })
    )
    const kl = (p: number[], q: number[]) =>
      p.reduce((sum, value, i) => sum + value * Math.log(value / q[i]!), 0)
    const expected = clean.map((_, pos) => kl(distributions[0]![pos]!, distributions[1]![pos]!))
    const reverse = clean.map((_, pos) => kl(distributions[1]![pos]!, distributions[0]![pos]!))
    const found = (name: string) => Float32Array.from(variable(result, name).data)
    expectClose(found('kl'), Float32Array.from(expected), tolerance, 'kl')
    expectClose(found('kl_reverse'), Float32Array.from(reverse), tolerance, 'kl_reverse')
    const mean = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length
    expect(found('mean_kl')[0]).toBeCloseTo(mean(expected), 3)
    const losses = ['first', 'second'].map((side, i) => {
      const surprisals = clean.slice(1).map((id, pos) => -Math.log(distributions[i]![pos]![id]!))
      expectClose(
        found(`surprisal_${side}`).subarray(0, -1),
        Float32Array.from(surprisals),
        tolerance,
        side
      )
      return mean(surprisals)
    })
    expect(found('loss_first')[0]).toBeCloseTo(losses[0]!, 3)
    expect(found('loss_second')[0]).toBeCloseTo(losses[1]!, 3)
  })

  const upTo = (length: number) => Array.from({ length }, (_, i) => i)
  const layers = () => upTo(runs.nLayers)
  const heads = () => upTo(runs.nHeads)
  const places = () => upTo(clean.length)
  const last = () => clean.length - 1

  /** How much more the last position expects one answer than another. */
  async function metric(ids: readonly number[], edits: readonly SomeEdit[] = []): Promise<number> {
    const logits = await runs.logits(ids, edits)
    const row = last() * (logits.length / ids.length)
    return logits[row + reference.scalars.answer]! - logits[row + reference.scalars.other]!
  }

  /** An activation taken from the run of other tokens. */
  const taken = (
    ids: readonly number[],
    layer: number,
    of: BlockHook,
    at: SomeEdit['at'] = {}
  ): SomeEdit => {
    const hook = blockHookName(layer, of)
    const from = { input: { ids: [...ids] }, edits: [] }
    return { hook, at, scale: 0, add: { from, hook, times: 1 } }
  }

  async function expectMetrics(
    tensor: string,
    ids: readonly number[],
    edits: readonly SomeEdit[]
  ): Promise<void> {
    const values: number[] = []
    for (const edit of edits) values.push(await metric(ids, [edit]))
    expectClose(Float32Array.from(values), await reference.read(tensor), tolerance, tensor)
  }

  async function expectLogits(
    tensor: string,
    edits: readonly SomeEdit[],
    ids: readonly number[] = clean
  ): Promise<void> {
    const logits = await runs.logits(ids, edits)
    expectClose(logits, await reference.read(tensor), tolerance, tensor)
  }

  it('none', async () => {
    const plain = [await metric(clean), await metric(corrupt)]
    const { scalars } = reference
    const expected = Float32Array.of(scalars.clean, scalars.corrupt)
    expectClose(Float32Array.from(plain), expected, tolerance, 'clean and corrupt')
  })

  it.each(['resid_pre', 'attn_out', 'mlp_out'] as const)('patch.%s', async activation => {
    const edits = layers().flatMap(layer =>
      places().map(pos => taken(clean, layer, `hook_${activation}`, { pos: [pos] }))
    )
    await expectMetrics(`patch.${activation}`, corrupt, edits)
  })

  it('patch.z', async () => {
    const edits = layers().flatMap(layer =>
      heads().map(head => taken(clean, layer, 'attn.hook_z', { head: [head] }))
    )
    await expectMetrics('patch.z', corrupt, edits)
  })

  it('patch.z_pos', async () => {
    const edits = layers().flatMap(layer =>
      heads().flatMap(head =>
        places().map(pos => taken(clean, layer, 'attn.hook_z', { head: [head], pos: [pos] }))
      )
    )
    await expectMetrics('patch.z_pos', corrupt, edits)
  })

  it('noise.resid_pre', async () => {
    const edits = layers().flatMap(layer =>
      places().map(pos => taken(corrupt, layer, 'hook_resid_pre', { pos: [pos] }))
    )
    await expectMetrics('noise.resid_pre', clean, edits)
  })

  it('of all that differs at the first layer, which is the other run', async () => {
    const pos = places().filter(pos => clean[pos] !== corrupt[pos])
    const patched = await runs.logits(corrupt, [taken(clean, 0, 'hook_resid_pre', { pos })])
    expectClose(patched, await runs.logits(clean), 1e-4, 'logits')
  })

  it('attribution', async () => {
    const { answer: token, other } = reference.scalars
    const hooks = (['hook_resid_pre', 'attn.hook_z'] as const).map(hook =>
      layers().map(layer => blockHookName(layer, hook))
    )
    const from = await runs.start(clean)
    const to = await runs.start(corrupt, kinks[name])
    const target = { kind: 'difference', position: last(), token, other } as const
    const gradient = await runs.gradient(to, target, hooks.flat())
    expect(Math.abs(gradient.value - reference.scalars.corrupt)).toBeLessThanOrEqual(tolerance)

    /** Σ (clean − corrupted) · gradient over what is not of a group; [layer, group]. */
    const attributed = async (names: readonly string[], group: (i: number) => number) => {
      const sums: number[][] = []
      for (const hook of names) {
        const [a, b] = [await runs.value(from, hook), await runs.value(to, hook)]
        const { data } = gradient.hooks[hook]!
        expect(data.length).toBe(a.length)
        const own: number[] = []
        data.forEach((slope, i) => (own[group(i)] = (own[group(i)] ?? 0) + (a[i]! - b[i]!) * slope))
        sums.push(own)
      }
      return Float32Array.from(sums.flat())
    }
    const [residuals = [], zs = []] = hooks
    const dModel = gradient.hooks[residuals[0]!]!.shape[1]!
    const [, nHeads, dHead] = gradient.hooks[zs[0]!]!.shape as [number, number, number]
    for (const [tensor, actual] of [
      ['attribution.resid_pre', await attributed(residuals, i => Math.floor(i / dModel))],
      ['attribution.z', await attributed(zs, i => Math.floor(i / dHead) % nHeads)]
    ] as const) {
      const expected = await reference.read(tensor)
      const within = 1e-3 * Math.max(...expected.map(Math.abs))
      expectClose(actual, expected, within, tensor)
    }
  })

  it('steering along what two runs differ in', async () => {
    const { coefficient, 'steer.layer': layer } = reference.scalars
    const hook = blockHookName(layer, 'hook_resid_pre')
    const lastOf = async (ids: readonly number[]) => {
      const residual = await runs.value(await runs.start(ids), hook)
      return residual.slice((residual.length / ids.length) * last())
    }
    const [a, b] = [await lastOf(clean), await lastOf(corrupt)]
    const vector = a.map((value, i) => value - b[i]!)
    expectClose(vector, await reference.read('steer.vector'), tolerance, 'steer.vector')
    const along = (times: number) => [...vector].map(value => times * value)
    await expectLogits('steer.all.logits', [{ hook, add: along(coefficient) }])
    await expectLogits('steer.last.logits', [{ hook, at: { pos: [last()] }, add: along(-2) }])
  })

  it('knocking out edges', async () => {
    const flat = await reference.integers('edges')
    const edits = upTo(flat.length / 4).map((i): SomeEdit => {
      const [layer, head, query, key] = flat.slice(4 * i, 4 * i + 4) as [
        number,
        number,
        number,
        number
      ]
      const at = { head: [head], query: [query], key: [key] }
      return { hook: blockHookName(layer, 'attn.hook_attn_scores'), at, add: '-inf' }
    })
    await expectLogits('edges.logits', edits)
    const runId = await runs.start(clean, edits)
    const patterns: number[] = []
    for (const layer of layers())
      patterns.push(...(await runs.value(runId, blockHookName(layer, 'attn.hook_pattern'))))
    const expected = await reference.read('edges.pattern')
    expectClose(Float32Array.from(patterns), expected, 1e-4, 'edges.pattern')
  })

  it('knocking out the first key for all queries but the first', async () => {
    const hook = blockHookName(1, 'attn.hook_attn_scores')
    const at = { query: `1:${clean.length}`, key: [0] }
    await expectLogits('no_sink.logits', [{ hook, at, add: '-inf' }])
  })

  it('cutting one edge in all heads of all layers', async () => {
    const at = { query: [last()], key: [reference.scalars.cut_key] }
    const edits = layers().map((layer): SomeEdit => ({
      hook: blockHookName(layer, 'attn.hook_attn_scores'),
      at,
      add: '-inf'
    }))
    await expectLogits('cut.logits', edits)
  })

  it('neurons, all at once and one clamped', async () => {
    const flat = await reference.integers('neurons')
    const neurons = upTo(flat.length / 2).map(i => ({
      hook: blockHookName(flat[2 * i]!, 'mlp.hook_post'),
      at: { unit: [flat[2 * i + 1]!] }
    }))
    await expectLogits(
      'neurons.logits',
      neurons.map(neuron => ({ ...neuron, scale: 0 }))
    )
    const { hook, at } = neurons[0]!
    const clamped = { hook, at: { ...at, pos: [last()] }, scale: 0, add: 3 }
    await expectLogits('neuron_clamped.logits', [clamped])
  })

  it('scaling heads', async () => {
    const z = (layer: number, head: number, scale: number): SomeEdit => ({
      hook: blockHookName(layer, 'attn.hook_z'),
      at: { head: [head] },
      scale
    })
    await expectLogits('heads_scaled.logits', [z(0, 1, 0.5), z(runs.nLayers - 1, 0, -1)])
  })

  it('taking a layer’s heads from the other run', async () => {
    await expectLogits('resample.logits', [taken(corrupt, 1, 'attn.hook_z')])
  })

  it('another token, which is another run', async () => {
    await expectLogits('token.logits', [], clean.with(1, reference.scalars.replaced))
  })

  it('that change nothing, bit for bit', async () => {
    const plain = await runs.logits(clean)
    const hooks = [
      'hook_resid_pre',
      'attn.hook_attn_scores',
      'attn.hook_z',
      'mlp.hook_post'
    ] as const
    const nothing = layers().flatMap(layer =>
      hooks.map((hook): SomeEdit => ({ hook: blockHookName(layer, hook), add: 0 }))
    )
    expect(await runs.logits(clean, nothing)).toEqual(plain)
  })
})
