import { describe, expect, it } from 'vitest'
import type { HealthReport } from '#common/analysis/health/health-report.ts'
import type { TensorInfo } from '#common/contract/schemas.ts'
import {
  evidenceOf,
  findingGroups,
  readWords,
  verdictWords
} from '../../../../src/renderer/src/views/health/finding-groups.ts'
import { TensorOptions } from '../../../../src/renderer/src/views/tensor/tensor-options.ts'

type Kind = HealthReport['findings'][number]['kind']
const check = (kind: Kind, tensors: number, found: number) => ({
  ...{ kind, tensors, found },
  ...{ title: kind, threshold: 0, reason: 'why' }
})
const finding = (kind: Kind, tensor: string | null, places: number[] = []) => ({
  ...{ kind, tensor, places },
  ...{ value: 1, text: '3 of 4 matrices are so' }
})
const report = (
  verdict: HealthReport['verdict'],
  findings: HealthReport['findings'] = [],
  told = 4
): HealthReport => ({
  ...{ verdict, findings },
  checks: [check('not-finite', 9, 0), check('dead-rows', 9, 2), check('untrained', told, 0)]
})

describe('findings by kind', () => {
  it('are those that there are, what is of the model first', () => {
    const own = [finding('dead-rows', 'b'), finding('dead-rows', 'a'), finding('untrained', null)]
    const groups = findingGroups(report('untrained', own))
    expect(groups.map(({ kind, findings }) => [kind, ...findings.map(one => one.tensor)])).toEqual([
      ['untrained', null],
      ['dead-rows', 'b', 'a']
    ])
  })
})

describe('the verdict', () => {
  const words = (...of: Parameters<typeof report>) => {
    const { isFine, title, text } = verdictWords(report(...of))
    return [isFine, title, text]
  }
  it('is in words', () => {
    expect(words('trained')).toEqual([
      true,
      'Nothing was found',
      'The weights are as training leaves them.'
    ])
    expect(words('trained', [finding('dead-rows', 'a')])).toEqual([
      false,
      '1 finding',
      'Most weights are as training leaves them.'
    ])
    expect(words('untrained', [finding('untrained', null), finding('dead-rows', 'a')])).toEqual([
      false,
      'The weights are untrained',
      '3 of 4 matrices are so. There are 2 findings.'
    ])
    expect(words('partly untouched', [finding('untouched', 'a')])[2]).toMatch(/^Some tensors/)
  })

  it('does not say that weights were trained where nothing tells', () => {
    expect(words('trained', [], 0)[2]).toMatch(/^Whether they were trained cannot be told/)
  })
})

describe('what was read', () => {
  it('tells tied tensors and others apart', () => {
    const tensors = [null, null, 'a', null].map(tiedTo => ({ tiedTo }) as TensorInfo)
    expect(readWords(tensors, 2)).toBe(
      '2 of 4 tensors read · 1 tied to one of them · 1 not of floating-point numbers'
    )
    expect(readWords(tensors.slice(0, 2), 2)).toBe('2 of 2 tensors read')
  })
})

describe('where a finding shows', () => {
  it.each([
    ['dead-rows', [5], 'map', [{ rows: [0, 18], columns: [0, 64] }]],
    ['exploding-rows', [95], 'map', [{ rows: [83, 100], columns: [0, 64] }]],
    ['duplicate-columns', [30], 'map', [{ rows: [0, 100], columns: [18, 43] }]],
    ['untrained-positions', [60, 99], 'map', [{ rows: [48, 100], columns: [0, 64] }]],
    ['untouched', [], 'spectrum', []],
    ['layer-deviates', [1], 'numbers', []],
    ['not-finite', [], 'map', []]
  ] as const)('%s at %j', (kind, places, form, regions) => {
    const evidence = evidenceOf(finding(kind, 'a', [...places]), [100, 64])
    // As the view of a tensor reads it.
    expect(TensorOptions.parse(evidence)).toEqual({ form, tensor: null, regions })
  })
})
