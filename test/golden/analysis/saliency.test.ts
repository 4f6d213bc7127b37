import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { normalNumbers } from '#common/analysis/normal-numbers.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import { attentionGradientData, strongestNeurons } from '#common/figure/views/saliency-figures.ts'
import type { Edit } from '#common/model/edit.ts'
import { idToken } from '#common/model/token.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose, readGolden } from '../compare.ts'
import { analysed, cpuSource, projectRoot, sharedWorkbench, uncancelled } from '../workbench.ts'
import { editedRuns, type EditedRuns } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

interface Target {
  readonly value: number
  readonly baseline_value: number
  readonly ig_sum: number
  readonly gap: number
  readonly relative_gap: number
  readonly mean_baseline_value: number
  readonly mean_relative_gap: number
  readonly pos: number
  readonly token: number
  readonly minus: number
}

interface Scalars {
  readonly targets: Readonly<Record<string, Target>>
  readonly masked?: readonly number[]
}

type Strong = ReturnType<typeof strongestNeurons>[number]

/** Of the largest magnitude of each array. */
const tolerance = 1e-3

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

const found = (result: Dataset, name: string) => Float32Array.from(variable(result, name).data)

function expectRelative(actual: Float32Array, expected: Float32Array, what: string): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expectClose(actual, expected, tolerance * largest, what)
}

function ofParam(kind: string, { pos, token, minus }: Target): string {
  if (kind === 'loss') return kind
  return `${kind}:${pos}:${token}${kind === 'difference' ? `-${minus}` : ''}`
}

describe.each(references('gradients'))('saliency in %s', name => {
  let runs: EditedRuns
  let ids: number[]
  let masked: { masked?: string }
  let reference: Awaited<ReturnType<typeof readReference<Scalars>>>
  beforeAll(async () => {
    runs = await editedRuns(workbench, name)
    reference = await readReference<Scalars>('gradients', name)
    ids = await reference.integers('input_ids')
    const labels = reference.names.includes('labels') ? await reference.integers('labels') : []
    const pairs = reference.scalars.masked?.map(position => `${position}:${labels[position]}`)
    masked = pairs === undefined ? {} : { masked: pairs.join() }
  })

  const saliency = (params: Record<string, string | number | boolean>) =>
    analysed(workbench, runs.model, 'saliency', params, { ids })

  it('every number of each scalar', async () => {
    for (const [kind, target] of Object.entries(reference.scalars.targets)) {
      const params = { of: ofParam(kind, target), ...(kind === 'loss' && masked) }
      const result = await saliency(params)
      for (const own of [
        'grad',
        'saliency',
        'grad_x_input',
        'pattern_grad',
        'attention_x_gradient',
        'ig',
        'occlusion'
      ]) {
        expectRelative(found(result, own), await reference.read(`${kind}.${own}`), `${kind}.${own}`)
        expect(variable(result, own).axes, own).toHaveLength(
          reference.shape(`${kind}.${own}`).length
        )
      }
      const most = Math.max(...found(result, 'ig').map(Math.abs))
      for (const own of ['value', 'baseline_value', 'ig_sum', 'gap'] as const) {
        if (name === 'hebrew-minigpt' && kind === 'loss' && own !== 'value') continue
        const within = own === 'value' ? 1e-4 : tolerance * most + 1e-4
        expect(Math.abs(found(result, own)[0]! - target[own]), `${kind}.${own}`).toBeLessThan(
          within
        )
      }
      const warned = Math.abs(target.relative_gap)
      if (warned > 0.06) expect(result.attributes['warning'], kind).toMatch(/integrated gradients/)
      if (warned < 0.04) expect(result.attributes['warning'], kind).toBeUndefined()
    }
  })

  it('integrated gradients from the mean embedding, and by every rule', async () => {
    const { logit } = reference.scalars.targets
    const few = { of: ofParam('logit', logit!), inside: false, occlusion: false }
    const result = await saliency({ ...few, baseline: 'mean' })
    expectRelative(found(result, 'ig'), await reference.read('logit.ig_mean'), 'ig_mean')
    expect(found(result, 'baseline_value')[0]).toBeCloseTo(logit!.mean_baseline_value, 3)
    const most = Math.max(...(await reference.read('logit.ig')).map(Math.abs))
    const byRule = await reference.read('logit.ig_by_rule')
    for (const [i, rule] of ['midpoint', 'left', 'right', 'trapezoid'].entries()) {
      // The rule that is taken where none is said: its path has been walked for every number.
      const params = rule === 'midpoint' ? { of: few.of } : { ...few, rule }
      const result = await saliency(params)
      const sum = found(result, 'ig_sum')[0]!
      if (Number.isNaN(byRule[i])) {
        expect([sum, ...found(result, 'ig')].every(Number.isNaN), rule).toBe(true)
        expect(result.attributes['warning']).toMatch(/^integrated gradients are not defined/)
      } else expect(Math.abs(sum - byRule[i]!), rule).toBeLessThan(tolerance * most * ids.length)
    }
  })
})

describe('saliency', () => {
  const ids = [5, 17, 3, 9, 11, 2]
  const plain = { of: 'logit:5:7', steps: 0, inside: false, occlusion: false }

  it('sums as in float64 but for a ReLU whose input is 0 within rounding, whose slope is either', async () => {
    const runs = await editedRuns(workbench, 'hebrew-minigpt')
    const reference = await readReference<Scalars>('gradients', 'hebrew-minigpt')
    const ids = await reference.integers('input_ids')
    const params = { of: 'loss', inside: false, occlusion: false }
    const { ig_sum: expected, gap } = reference.scalars.targets['loss']!
    // In float64 this one is −4.0e-6 at step 31 of 64, in float32 1.8e-7: put on its side, all agrees.
    const hook = 'blocks.3.mlp.hook_pre'
    const below = { hook, at: { pos: [10], unit: [176] }, scale: 1, add: -5e-6 }
    const run = await runs.start(ids, [{ hook: 'hook_embed', scale: 31.5 / 64 }])
    const pre = await runs.value(run, hook)
    expect(Math.abs(pre[10 * 512 + 176]!)).toBeLessThan(1e-5)
    const sumOf = async (edits: Edit[]) => {
      const result = await analysed(
        ...([workbench, runs.model, 'saliency', params, { ids }, uncancelled(), edits] as const)
      )
      return { sum: found(result, 'ig_sum')[0]!, gap: found(result, 'gap')[0]! }
    }
    const own = await sumOf([below])
    expect(Math.abs(own.sum - expected)).toBeLessThan(5e-5)
    expect(Math.abs(own.gap - gap)).toBeLessThan(5e-5)
    const plain = await sumOf([])
    expect(Math.abs(plain.sum - expected)).toBeLessThan(2e-3)
  })

  it('leaves tokens out as occlusion does, and says how alike all methods rank them', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const params = { of: 'logit:5:7', steps: 4, samples: 2, inside: false, leave_one_out: true }
    const result = await analysed(workbench, runs.model, 'saliency', params, { ids })
    const beside = await analysed(workbench, runs.model, 'occlusion', { of: params.of }, { ids })
    expect(found(result, 'leave_one_out')).toEqual(found(beside, 'leave_one_out'))
    expect(found(result, 'occlusion')).toEqual(found(beside, 'occlusion'))
    expect(result.axes['method']?.labels).toEqual([
      ...['saliency', 'grad_x_input', 'ig', 'smooth_saliency', 'occlusion', 'leave_one_out']
    ])
    const [names, others] = [result.axes['method']!.labels!, beside.axes['method']!.labels!]
    const rho = (of: Dataset, labels: readonly (string | null)[], a: string, b: string) =>
      found(of, 'rank_correlation')[labels.indexOf(a) * labels.length + labels.indexOf(b)]
    for (const [a, b] of [
      ['occlusion', 'saliency'],
      ['leave_one_out', 'grad_x_input']
    ] as const)
      expect(rho(result, names, a, b)).toBe(rho(beside, others, a, b))
  })

  it.each(['granite', 'gemma', 'gemma2', 'gemma3'])(
    'is by the embedding as transformers takes it, where it is scaled: %s',
    async name => {
      const { read } = await readGolden(
        join(projectRoot, 'test/golden', name, 'golden.safetensors')
      )
      const ids = [...(await read('input_ids'))]
      const [position, token] = await read('target')
      const { model } = await editedRuns(workbench, name)
      const params = { ...plain, of: `logit:${position}:${token}`, samples: 1, noise: 0 }
      const result = await analysed(workbench, model, 'saliency', params, { ids })
      const expected = await read('grad_embed')
      expectRelative(found(result, 'grad'), expected, 'grad')
      expectRelative(found(result, 'smooth'), expected, 'smooth')
      const x = found(result, 'x')
      const width = x.length / ids.length
      const products = ids.map((_, pos) =>
        x
          .subarray(pos * width, (pos + 1) * width)
          .reduce((sum, own, i) => sum + own * expected[pos * width + i]!, 0)
      )
      expectRelative(found(result, 'grad_x_input'), Float32Array.from(products), 'grad_x_input')
    }
  )

  it('SmoothGrad is the mean gradient of noisy runs', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const params = { ...plain, samples: 2, noise: 0.2, seed: 5 }
    const result = await analysed(workbench, runs.model, 'saliency', params, { ids })
    const x = found(result, 'x')
    const deviation = 0.2 * (Math.max(...x) - Math.min(...x))
    const normal = normalNumbers(5)
    const sums = new Float32Array(x.length)
    for (let sample = 0; sample < 2; sample++) {
      const add = [...x].map(() => Math.fround(deviation * normal()))
      const run = await runs.start(ids, [{ hook: 'hook_embed', add }])
      const target = { kind: 'logit', position: 5, token: 7 } as const
      const { embed } = await runs.gradient(run, target, [])
      embed.data.forEach((value, i) => (sums[i]! += value / 2))
    }
    expectRelative(found(result, 'smooth'), sums, 'smooth')
    const again = await analysed(workbench, runs.model, 'saliency', { ...params, seed: 6 }, { ids })
    expect(found(again, 'smooth')).not.toEqual(found(result, 'smooth'))
  })

  it('from the token itself nothing is integrated', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const params = { ...plain, steps: 4, baseline: 'token:17' }
    const result = await analysed(workbench, runs.model, 'saliency', params, { ids })
    const ig = found(result, 'ig')
    expect(Math.abs(ig[1]!)).toBeLessThan(1e-6)
    expect(Math.abs(ig[0]!)).toBeGreaterThan(1e-4)
    const all = await runs.logits(ids.map(() => 17))
    expect(found(result, 'baseline_value')[0]).toBeCloseTo(all[(5 * all.length) / 6 + 7]!, 4)
  })

  it('by heads and neurons, as the gradients by their values', async () => {
    const runs = await editedRuns(workbench, 'llama')
    const params = { ...plain, inside: true }
    const result = await analysed(workbench, runs.model, 'saliency', params, { ids })
    const run = await runs.start(ids)
    const target = { kind: 'logit', position: 5, token: 7 } as const
    const hook = 'blocks.1.mlp.hook_post'
    const { hooks } = await runs.gradient(run, target, [hook])
    const post = await runs.value(run, hook)
    const units = post.length / ids.length
    const sums = new Float32Array(units)
    post.forEach((value, i) => (sums[i % units]! += value * hooks[hook]!.data[i]!))
    const own = found(result, 'neuron_x_gradient').subarray(units, 2 * units)
    expectRelative(own, sums, 'neuron_x_gradient')
    const importance = await analysed(workbench, runs.model, 'head-importance', { target }, { ids })
    expectRelative(found(result, 'head_x_gradient'), found(importance, 'mask_grad'), 'heads')
  })

  it('by the weights of each head, which sum to what is said of it', async () => {
    const { model } = await editedRuns(workbench, 'llama')
    const result = await analysed(workbench, model, 'saliency', { ...plain, inside: true }, { ids })
    const source = { ...cpuSource(model, { ids }), provider: 'cpu' as const }
    const run = { source, tokens: ids.map(idToken) }
    const number = { of: plain.of, masked: null, what: '', params: {}, mirrored: false }
    const sums = found(result, 'attention_x_gradient')
    const heads = sums.length / model.config!.nLayers
    for (const [i, sum] of sums.entries()) {
      const at = { layer: Math.floor(i / heads), head: i % heads }
      const pattern = await analysed(workbench, model, 'patterns', at, { ids })
      const figured = { model, run, read: run, result, ...number }
      const data = attentionGradientData(figured, at, found(pattern, 'pattern'))
      const all = data!.pattern.reduce((sum, own) => sum + own, 0)
      expect(all).toBeCloseTo(sum, 5)
    }
    const neurons = found(result, 'neuron_x_gradient')
    const [first, second] = strongestNeurons(result, 2) as [Strong, Strong]
    expect(Math.abs(first.value)).toBeCloseTo(Math.max(...neurons.map(Math.abs)), 6)
    expect(Math.abs(second.value)).toBeLessThanOrEqual(Math.abs(first.value))
    const width = neurons.length / model.config!.nLayers
    expect(neurons[first.layer * width + first.unit]).toBeCloseTo(first.value, 5)
  })

  it.each([
    [{ of: 'logit:6:1' }, 'position 6 is outside 0…5'],
    [{ of: 'logit:1:999' }, 'token 999 is outside 0…95'],
    [{ of: 'difference:1:2' }, 'of'],
    [{ of: 'difference:1:2-999' }, 'token 999 is outside 0…95'],
    [{ steps: -1 }, 'steps'],
    [{ baseline: 'token:999', steps: 2 }, '999'],
    [{ masked: '1:2' }, 'masked']
  ])('%o is refused', async (params, message) => {
    const runs = await editedRuns(workbench, 'gpt2')
    await expect(analysed(workbench, runs.model, 'saliency', params, { ids })).rejects.toThrow(
      message
    )
  })

  it('of one token has no loss, and its logit has one saliency', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const one = (of: string) =>
      analysed(workbench, runs.model, 'saliency', { ...plain, of }, { ids: [5] })
    await expect(one('loss')).rejects.toThrow(/too short/)
    expect(found(await one('logit:0:3'), 'saliency')).toHaveLength(1)
  })
})
