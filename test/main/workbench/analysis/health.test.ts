import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { healthReportOf } from '#common/analysis/health/health-report.ts'
import { variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { folderWithTensors } from '../../../bad/weights.ts'
import {
  analysed,
  hebrew,
  projectRoot,
  shakespeare,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

interface Told {
  readonly kind: string
  readonly tensor: string | null
  readonly value: number
  readonly threshold: number
  readonly reason: string
  readonly text: string
  readonly places: readonly number[]
}

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

async function checked(path: string, params = {}) {
  const model = await workbench.handlers['models.open']({ path }, uncancelled())
  const result = await analysed(workbench, model, 'health', params)
  const { verdict, findings } = result.attributes as unknown as {
    verdict: string
    findings: Told[]
  }
  return { result, verdict, findings }
}

const block = (layer: number, rest: string) => `transformer.h.${layer}.${rest}.weight`
const next = generator(7)
const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
const all = (of: (value: number, i: number) => number) => (data: Float32Array) =>
  data.forEach((value, i) => (data[i] = of(value, i)))
const rowsOf = (data: Float32Array, columns: number, from: number, to: number) =>
  data.subarray(from * columns, to * columns)

/** Faults: what is done to a tensor of the sample, and where it is found. */
const faults: [
  kind: string,
  tensor: string,
  change: (data: Float32Array, columns: number) => void,
  places: number[]
][] = [
  ['not-finite', block(0, 'mlp.c_fc'), data => void (data[77] = NaN), []],
  [
    'dead-rows',
    block(1, 'attn.c_attn'),
    (data, columns) => rowsOf(data, columns, 5, 8).fill(0),
    [5, 6, 7]
  ],
  [
    'dead-columns',
    block(2, 'mlp.c_fc'),
    (data, columns) => data.forEach((_, i) => i % columns === 9 && (data[i] = 1e-9)),
    [9]
  ],
  [
    'duplicate-rows',
    block(3, 'mlp.c_proj'),
    (data, columns) => rowsOf(data, columns, 40, 41).set(rowsOf(data, columns, 3, 4)),
    [40]
  ],
  [
    'duplicate-columns',
    block(1, 'mlp.c_fc'),
    (data, columns) => data.forEach((_, i) => i % columns === 30 && (data[i] = data[i - 10]!)),
    [30]
  ],
  ['exploding-norm', block(2, 'attn.c_proj'), all(value => value * 40), [2]],
  ['layer-deviates', block(1, 'mlp.c_proj'), all(value => value / 5), [1]],
  [
    'exploding-rows',
    'transformer.wte.weight',
    (data, columns) => all(value => value * 90)(rowsOf(data, columns, 12, 13)),
    [12]
  ],
  ['exploding-weight', 'transformer.ln_f.weight', data => void (data[3] = 5e5), []],
  ['untouched', block(0, 'attn.c_attn'), all(() => normal() / Math.sqrt(128)), []],
  ['constant', block(3, 'ln_1'), all(() => 1), []],
  [
    'untrained-positions',
    'transformer.wpe.weight',
    (data, columns) => all(() => 0.02 * normal())(rowsOf(data, columns, 128, 192)),
    [128, 191]
  ],
  [
    'rank-collapse',
    block(3, 'attn.c_proj'),
    (data, columns) =>
      data.forEach(
        (_, i) =>
          (data[i] =
            0.03 * (1.5 + Math.sin(i % columns)) * (1.5 + Math.cos(Math.floor(i / columns))))
      ),
    []
  ],
  ['mostly-zero', block(0, 'mlp.c_proj'), all((value, i) => ((i * 7919) % 10 < 6 ? 0 : value)), []]
]

describe('the health of weights', () => {
  it.each([
    ['shakespeare-char', shakespeare],
    ['hebrew-minigpt', hebrew]
  ])('of the sample %s: trained, and nothing is found', async (_, folder) => {
    const { verdict, findings } = await checked(folder)
    expect(findings).toEqual([])
    expect(verdict).toBe('trained')
  })

  it.each(['gpt2', 'bert', 'llama', 'bloom', 'qwen3', 'gpt_neox', 'opt'])(
    'of %s with random weights: untrained, and nothing else',
    async name => {
      const { verdict, findings } = await checked(join(projectRoot, 'test/golden', name))
      expect(verdict).toBe('untrained')
      expect(findings.map(({ kind }) => kind)).toEqual(['untrained'])
    }
  )

  it('finds each of fourteen faults where it was planted, and no other', async () => {
    const changes = Object.fromEntries(faults.map(([, tensor, change]) => [tensor, change]))
    expect(Object.keys(changes).length).toBe(faults.length)
    const { verdict, findings, result } = await checked(
      await folderWithTensors(shakespeare, changes)
    )
    const told = (list: readonly (readonly [string, string | null])[]) => list.map(String).sort()
    expect(told(findings.map(({ kind, tensor }) => [kind, tensor] as const))).toEqual(
      told(faults.map(([kind, tensor]) => [kind, tensor] as const))
    )
    for (const [kind, tensor, , places] of faults) {
      const found = findings.find(finding => finding.kind === kind)!
      expect(found.tensor, kind).toBe(tensor)
      expect(found.places, kind).toEqual(places)
      expect(found.reason.length, kind).toBeGreaterThan(20)
      expect(found.text, kind).not.toBe('')
    }
    expect(verdict).toBe('partly untouched')
    const labels = result.axes['tensor']!.labels!
    const of = variable(result, 'of_tensor').data
    expect(findings.map(({ tensor }) => tensor)).toEqual([...of].map(at => labels[at]))
    expect([...variable(result, 'value').data]).toEqual(findings.map(({ value }) => value))
  })

  it('tells in how many tensors it looked for what', async () => {
    const { result } = await checked(shakespeare)
    const { checks } = healthReportOf(result)
    const of = (kind: string) => {
      const { tensors, found } = checks.find(check => check.kind === kind)!
      return [tensors, found]
    }
    // Four blocks, each of 4 matrices, 4 biases and 2 norms; two embeddings and the last norm, all norms with a bias.
    expect(of('not-finite')).toEqual([4 * 12 + 4, 0])
    expect(of('dead-rows')).toEqual([4 * 4 + 2, 0])
    expect(of('layer-deviates')).toEqual([4 * (4 + 2), 0])
    expect(of('rank-collapse')).toEqual([4 * 4 + 1, 0])
    expect(of('untrained-positions')).toEqual([1, 0])
    // The median of four layers lies between the two in the middle.
    const labels = result.axes['tensor']!.labels!
    const own = (name: string) =>
      [0, 1, 2, 3].map(
        layer => variable(result, name).data[labels.indexOf(block(layer, 'mlp.c_fc'))]!
      )
    const sizes = own('rms')
    const [, low = NaN, high = NaN] = sizes.toSorted((a, b) => a - b)
    own('size_ratio').forEach((ratio, i) =>
      expect(ratio).toBeCloseTo(sizes[i]! / ((low + high) / 2), 6)
    )
    expect(variable(result, 'size_ratio').data[labels.indexOf('transformer.wte.weight')]).toBeNaN()
  })

  it('does not look for what an untrained model has by right', async () => {
    const { result } = await checked(join(projectRoot, 'test/golden/gpt2'))
    const left = healthReportOf(result).checks.filter(({ tensors }) => tensors === 0)
    expect(left.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['untouched', 'constant']))
  })

  it('looks at some tensors alone, and refuses one that is not there', async () => {
    const tensors = [block(2, 'ln_2'), 'transformer.wte.weight']
    const { result } = await checked(shakespeare, { tensors })
    expect([...result.axes['tensor']!.labels!].sort()).toEqual(tensors.sort())
    await expect(checked(shakespeare, { tensors: ['x'] })).rejects.toThrow(
      'tensors: x: the model has no tensor of that name'
    )
  })
})
