import { describe, expect, it } from 'vitest'
import { findingLimits, findingsOf } from '#common/analysis/head-atlas/findings.ts'
import { usualWindow, windowLength } from '#common/analysis/head-atlas/windows.ts'
import { axis, dataset, type Dataset } from '#common/data/dataset.ts'

/** Three findings: one that fails by p, one that fails by how little it is, and one that holds. */
function statistics(windows = 96, spread = 0.021): Dataset {
  const of = (data: number[], integers = false) => ({
    ...{ axes: ['finding'], unit: '', about: '' },
    data: integers ? Int32Array.from(data) : Float64Array.from(data)
  })
  const half = (name: string, value: number[], p: number[], above: number[]) => ({
    [`finding.${name}.value`]: of(value),
    [`finding.${name}.baseline`]: of([0.04, 0.1, 0.04]),
    [`finding.${name}.spread`]: of([0.3, 0.01, spread]),
    [`finding.${name}.p`]: of(p),
    [`finding.${name}.above`]: of(above),
    [`finding.${name}.windows`]: of([48, 48, 48])
  })
  return dataset(
    { score: axis(['previous_token', 'to_final']), finding: axis(['', '', '']) },
    {
      'finding.score': of([0, 1, 0], true),
      'finding.layer': of([1, 2, 0], true),
      'finding.head': of([3, 1, 2], true),
      'finding.holds': of([0, 0, 1], true),
      ...half('found', [0.5, 0.3, 0.41], [0.01, 0.01, 0.001], [40, 48, 48]),
      ...half('tested', [0.25, 0.15, 0.404], [0.31, 0.000999, 0.000999], [20, 48, 47])
    },
    { windows, params: { least: 0.1, alpha: 0.05 } }
  )
}

describe('findings', () => {
  it('are said by the half that they were tested on, those that hold first, the others with why', () => {
    expect(findingsOf(statistics(), null).map(({ text }) => text)).toEqual([
      'head 0.2: previous token, 0.40 ± 0.02 (baseline 0.04), p ≤ 0.001, held on 47 of 48 windows',
      'head 1.3: previous token, 0.25 ± 0.30 (baseline 0.04), FAILED on the other half: p 0.310',
      'head 2.1: to final, 0.15 ± 0.01 (baseline 0.10), FAILED on the other half: less than 0.1 above it'
    ])
  })

  it('say a spread that is small by its first digit, never as none', () => {
    const [first] = findingsOf(statistics(96, 0.004), null)
    expect(first!.text).toContain('0.404 ± 0.004 (baseline 0.040)')
  })

  it('have the loss without their own head beside them, of the classes that there are tokens of', () => {
    const data = (from: number, count: number) =>
      Float64Array.from({ length: count }, (_, i) => from + i)
    const given = (axes: string[], data: Float64Array) => ({ axes, unit: '', about: '', data })
    const perHead = ['layer', 'head']
    const ablation = dataset(
      { layer: axis(['0', '2']), head: axis(4), class: axis(['space', 'digit', 'vowel']) },
      {
        loss: given([], Float64Array.of(2)),
        zero: given(perHead, data(10, 8)),
        mean: given(perHead, data(20, 8)),
        class_loss: given(['class'], Float64Array.of(30, NaN, 31)),
        class_tokens: given(['class'], Float64Array.of(7, 0, 1)),
        zero_class_loss: given([...perHead, 'class'], data(40, 24)),
        mean_class_loss: given([...perHead, 'class'], data(70, 24))
      }
    )
    const [, , last] = findingsOf(statistics(), ablation)
    expect(last!.ablation).toEqual({
      ...{ loss: 2, zero: 15, mean: 25 },
      classes: {
        space: { tokens: 7, loss: 30, zero: 55, mean: 85 },
        vowel: { tokens: 1, loss: 31, zero: 57, mean: 87 }
      }
    })
  })

  it.each([
    [1, ['There is 1 window, and a finding takes 12 as a rule, six in each half: more text.']],
    [11, ['There are 11 windows, and a finding takes 12 as a rule, six in each half: more text.']],
    [12, []]
  ])('say what keeps them from being made of %d windows', (windows, said) => {
    expect(findingLimits(statistics(windows), 'more text')).toEqual(said)
  })

  it('are of windows of 128 tokens where nobody says, and of no more than the model takes', () => {
    expect([usualWindow(), usualWindow(64), windowLength(null), windowLength(256, 192)]).toEqual([
      ...[128, 64, 128, 192]
    ])
  })
})
