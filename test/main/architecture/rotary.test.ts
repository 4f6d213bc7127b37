import { describe, expect, it } from 'vitest'
import { alibiSlopes } from '#common/model/alibi.ts'
import { rotaryFrequencies } from '#common/model/rotary.ts'
import { RotarySpec } from '../../../src/common/model/spec.ts'
import { blockInputs } from '../../../src/main/architecture/block-inputs.ts'
import { rotaryTables } from '../../../src/main/architecture/rotary.ts'
import { goldenSpec } from './golden-models.ts'

const rotary = (scaling: object = { type: 'none' }, dims = 8, base = 10000) =>
  RotarySpec.parse({ kind: 'rotary', dims, base, scaling })
const plain = [1, 0.1, 0.01, 0.001]
const close = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length)
  expected.forEach((value, i) => expect(actual[i]! / value).toBeCloseTo(1, 10))
}

describe('frequencies', () => {
  it('fall geometrically with the pair', () => close(rotaryFrequencies(rotary(), 9), plain))

  it('of an odd number of dimensions are one pair more', () =>
    close(rotaryFrequencies(rotary(undefined, 3, 1000), 9), [1, 1000 ** (-2 / 3)]))

  it('linear: all slower', () =>
    close(
      rotaryFrequencies(rotary({ type: 'linear', factor: 4 }), 9),
      plain.map(f => f / 4)
    ))

  it('dynamic: as trained up to the trained length, then of a larger base', () => {
    const dynamic = rotary({ type: 'dynamic', factor: 2, trained: 100 })
    close(rotaryFrequencies(dynamic, 100), plain)
    // 2 · 300 / 100 − 1 = 5, to the power 8 / 6
    const base = 10000 * 5 ** (8 / 6)
    close(
      rotaryFrequencies(dynamic, 300),
      [0, 1, 2, 3].map(i => base ** (-i / 4))
    )
  })

  it('longrope: other divisors beyond the trained length', () => {
    const [short, long] = [
      [1, 2, 3, 4],
      [5, 6, 7, 8]
    ]
    const longrope = rotary({ type: 'longrope', trained: 10, short, long, amplitude: 1.5 })
    close(
      rotaryFrequencies(longrope, 10),
      plain.map((f, i) => f / short[i]!)
    )
    close(
      rotaryFrequencies(longrope, 11),
      plain.map((f, i) => f / long[i]!)
    )
    const { cos, sin } = rotaryTables(longrope, 2)
    expect([...cos.data.slice(0, 4)]).toEqual([1.5, 1.5, 1.5, 1.5])
    expect([...sin.data.slice(0, 4)]).toEqual([0, 0, 0, 0])
  })

  it('llama3: fast ones kept, slow ones divided, those between in proportion', () => {
    // Turns in 6283 tokens: 1000, 100, 10, 1.
    const trained = 6283
    const scaling = { type: 'llama3', factor: 8, trained, lowFrequency: 5, highFrequency: 20 }
    const turns = (trained * 0.01) / (2 * Math.PI)
    const kept = (turns - 5) / 15
    close(rotaryFrequencies(rotary(scaling), 9), [
      1,
      0.1,
      0.01 * (kept + (1 - kept) / 8),
      0.001 / 8
    ])
  })

  it('yarn: a ramp between the dimensions that turn 32 times and once', () => {
    // Turns once: dimension 8 ln(6283/2π) / (2 ln 10⁴) = 3; 32 times: 1.49, so from 1 to 3.
    const yarn = rotary({ type: 'yarn', factor: 4, trained: 6283, amplitude: 1 })
    close(rotaryFrequencies(yarn, 9), [1, 0.1, 0.01 * 0.5 + (0.01 / 4) * 0.5, 0.001 / 4])
  })
})

describe('tables', () => {
  it('are cosines and sines of position times frequency', () => {
    const { cos, sin } = rotaryTables(rotary(), 5)
    expect(cos.shape).toEqual([5, 4])
    expect(cos.data[3 * 4 + 1]).toBeCloseTo(Math.cos(0.3), 6)
    expect(sin.data[4 * 4 + 2]).toBeCloseTo(Math.sin(0.04), 6)
  })

  it('differ from block to block where the bases do', async () => {
    const { spec } = await goldenSpec('modernbert')
    const [whole, local] = [0, 1].map(layer => blockInputs(spec, layer, 6).rotary_cos!.data)
    expect(whole![5 * 6 + 3]).not.toBeCloseTo(local![5 * 6 + 3]!, 3)
  })
})

describe('linear biases', () => {
  it('of eight heads halve from head to head', () =>
    expect(alibiSlopes(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(i => 2 ** -i)))

  it('of six heads take every other slope of eight besides the four', () =>
    expect(alibiSlopes(6)).toEqual([2 ** -2, 2 ** -4, 2 ** -6, 2 ** -8, 2 ** -1, 2 ** -3]))

  it('of any number of heads are what MPT takes of the power of two above: every other one, then the rest', () => {
    for (let heads = 1; heads <= 40; heads++) {
      const above = 2 ** Math.ceil(Math.log2(heads))
      const all = Array.from({ length: above }, (_, i) => 2 ** ((-8 * (i + 1)) / above))
      const taken = [...all.filter((_, i) => i % 2 === 1), ...all.filter((_, i) => i % 2 === 0)]
      close(alibiSlopes(heads), above === heads ? all : taken.slice(0, heads))
    }
  })

  it('are slope times key, rounded where the family rounds', async () => {
    const { spec } = await goldenSpec('bloom')
    const { alibi } = blockInputs(spec, 0, 600)
    expect(alibi!.shape).toEqual([4, 600])
    expect(alibi!.data[600 + 599]).toBe(599 / 16)
    const { spec: falcon } = await goldenSpec('falcon-alibi')
    // 599 / 16 = 37.4375 lies between the bfloat16 37.25 and 37.5.
    expect(blockInputs(falcon, 0, 600).alibi!.data[600 + 599]).toBe((37.5 * 2) / 4)
  })
})
