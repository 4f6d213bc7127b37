import { describe, expect, it } from 'vitest'
import { comparisonDataset } from '#common/analysis/head-comparison/comparison-dataset.ts'
import { comparisonWords, partLines } from '#common/analysis/head-comparison/comparison-words.ts'
import { differenceOf, verdictOf } from '#common/analysis/head-comparison/difference-interval.ts'
import { headComparison } from '#common/analysis/head-comparison/head-comparison.ts'
import { furthestHead, headDifferences } from '#common/analysis/head-comparison/head-differences.ts'
import { headKinds, kindsByLayer } from '#common/analysis/head-comparison/head-kinds.ts'
import { scoreByDepth } from '#common/analysis/head-comparison/score-by-depth.ts'
import { datasetCsv, tablePlan } from '#common/data/dataset-csv.ts'
import { fading, first, nowhere, plantedModel, previous } from './compared.ts'

const windows = 24
const a = plantedModel('one', {
  heads: [
    [previous, nowhere],
    [previous, first],
    [nowhere, nowhere]
  ],
  ...{ windows, size: 16 }
})
const b = plantedModel('other', { heads: [[first, first, nowhere]], windows, size: 12, seed: 5 })
/** As `a`, at other chances. */
const again = plantedModel('again', {
  heads: [
    [previous, nowhere],
    [previous, first],
    [nowhere, nowhere]
  ],
  ...{ windows, size: 16, seed: 10 }
})
const comparison = headComparison(a, b)

const kind = (score: string) => comparison.kinds.find(own => own.score === score)!.sides
const mean = (name: string, of = comparison) => of.means.find(own => own.name === name)!
const words = (of = comparison) => comparisonWords(of).flatMap(partLines).join('\n')

describe('the interval of a difference', () => {
  it('is made of both intervals, each side of its own', () => {
    // Distances 1 and 2 below, 3 and 4 above: √(1² + 4²) and √(3² + 2²).
    const difference = differenceOf({ value: 10, low: 9, high: 13 }, { value: 6, low: 4, high: 10 })
    expect(difference.value).toBe(4)
    expect(difference.low).toBeCloseTo(4 - Math.sqrt(1 + 16), 12)
    expect(difference.high).toBeCloseTo(4 + Math.sqrt(9 + 4), 12)
    expect(verdictOf(difference)).toBe('not apart')
    expect(verdictOf({ value: 4, low: 0.1, high: 5 })).toBe('apart')
    expect(verdictOf({ value: -4, low: -5, high: -0.1 })).toBe('apart')
    expect(verdictOf({ value: 4, low: NaN, high: NaN })).toBe('unknown')
  })

  it('holds zero nearly as often as it says, of models that are alike', () => {
    const side = (seed: number) =>
      plantedModel(`m${seed}`, { heads: [[previous]], windows: 24, size: 8, seed: 7919 * seed })
    const pairs = Array.from({ length: 40 }, (_, i) =>
      headComparison(side(2 * i + 1), side(2 * i + 2))
    )
    const apart = pairs.filter(pair => mean('previous_token', pair).verdict === 'apart')
    // Of 40 two are expected; more than six are once in a hundred.
    expect(apart.length).toBeLessThanOrEqual(6)
  })
})

describe('kinds of heads', () => {
  it('are counted on both sides, with layers and the strongest', () => {
    expect(comparison.rule).toBe('found')
    const [inA, inB] = kind('previous_token')
    expect(inA.heads.map(({ layer, head }) => [layer, head])).toEqual([
      [0, 0],
      [1, 0]
    ])
    expect([inA.of, inA.depth, inB.heads.length, inB.of]).toEqual([6, 0.25, 0, 3])
    const { layer, head, score } = inA.strongest!
    const own = a.atlas.heads.find(other => other.layer === layer && other.head === head)!
    expect(score).toBe(own.scores['previous_token'])
    const others = a.atlas.heads.map(({ scores }) => scores['previous_token']!.value)
    expect(score.value).toBe(Math.max(...others))
    const [firstA, firstB] = kind('first_token')
    expect([firstA.heads.length, firstB.heads.length]).toEqual([1, 2])
  })

  it('are not those of heads that do it on one half of the windows alone', () => {
    const faded = plantedModel('faded', { heads: [[fading, nowhere]], windows, size: 16 })
    const compared = headComparison(faded, a)
    expect(compared.rule).toBe('found')
    const own = compared.kinds.find(({ score }) => score === 'previous_token')!
    expect(own.sides.map(({ heads }) => heads.length)).toEqual([0, 2])
    expect(mean('previous_token', compared).sides[0].compared.value).toBeGreaterThan(0.1)
  })

  it('are one a head by depth', () => {
    const at = headKinds.indexOf('previous_token')
    const layers = kindsByLayer(a, 'found')
    expect(layers.map(({ depth }) => depth)).toEqual([0, 0.5, 1])
    expect(layers.map(({ counts }) => counts[at])).toEqual([1, 1, 0])
    expect(layers.map(({ counts }) => counts.reduce((sum, own) => sum + own))).toEqual([2, 2, 2])
    expect(layers[2]!.counts[headKinds.indexOf('none')]).toBe(2)
    // A model of one layer is at the beginning.
    expect(kindsByLayer(b, 'found')[0]!.depth).toBe(0)
  })

  it('go by scores alone where windows are few, which is said', () => {
    const few = plantedModel('few', { heads: [[previous, nowhere]], windows: 6, size: 16 })
    const compared = headComparison(few, b)
    expect(compared.rule).toBe('above')
    const [own] = compared.kinds.find(({ score }) => score === 'previous_token')!.sides
    expect(own.heads.map(({ head }) => head)).toEqual([0])
    expect(words(compared)).toContain('by their scores alone, not tested')
    expect(compared.notes.join('\n')).toMatch(/Fewer than 12 windows/)
  })
})

describe('means over heads', () => {
  it('are the means of the heads, and are compared above their baselines', () => {
    for (const [i, side] of [a, b].entries()) {
      const { value, baseline, compared } = mean('previous_token').sides[i]!
      const { heads } = side.atlas
      const direct = heads.reduce((sum, { scores }) => sum + scores['previous_token']!.value, 0)
      expect(value).toBeCloseTo(direct / heads.length, 12)
      expect(baseline).toBeCloseTo(heads[0]!.scores['previous_token']!.baseline, 12)
      expect(compared.value).toBeCloseTo(value - baseline, 12)
    }
    const { sides, difference, verdict } = mean('previous_token')
    expect(difference.value).toBeCloseTo(sides[0].compared.value - sides[1].compared.value, 12)
    expect(verdict).toBe('apart')
  })

  it('of entropy and distance are shares of what uniform attention has', () => {
    const { by, sides } = mean('entropy')
    expect(by).toBe('share')
    const [{ value, baseline, compared, low }] = sides
    expect(compared.value).toBeCloseTo(value / baseline, 12)
    expect(compared.low).toBeCloseTo(low / baseline, 12)
    // Nowhere in particular is uniform.
    const flat = plantedModel('flat', { heads: [[nowhere]], windows: 3, size: 10 })
    expect(mean('entropy', headComparison(flat, flat)).sides[0].compared.value).toBeCloseTo(1, 6)
  })

  it('are told apart where models differ, and not where they are alike', () => {
    const same = headComparison(a, again)
    expect(mean('previous_token', same).verdict).toBe('not apart')
    expect(mean('first_token').verdict).toBe('apart')
    const one = plantedModel('one window', { heads: [[previous]], windows: 1, size: 16 })
    const unsure = headComparison(a, one)
    expect(mean('previous_token', unsure).verdict).toBe('unknown')
    expect(unsure.notes.join('\n')).toMatch(/one window has one window/)
  })

  it('are compared as they are where one side has no baseline, and then no head is of a kind', () => {
    const unknown = plantedModel('graph', { heads: [[previous]], windows, size: 16, known: false })
    const compared = headComparison(a, unknown)
    expect(compared.rule).toBeNull()
    expect(compared.kinds).toEqual([])
    const { by, sides } = mean('previous_token', compared)
    expect(by).toBe('value')
    expect(sides[0].compared.value).toBe(sides[0].value)
    expect(compared.notes.join('\n')).toMatch(/graph: .*Scores are compared as they are/)
  })
})

describe('heads at the same place', () => {
  it('are set against each other in models of one shape alone', () => {
    expect(comparison.heads).toBeNull()
    const alike = headComparison(a, again)
    expect(alike.heads!.map(({ score }) => score)).toContain('previous_token')
    const differences = headDifferences(a, again, 'previous_token', true)
    differences.forEach(({ layer, head, difference }, i) => {
      const [one, other] = [a, again].map(({ atlas }) => atlas.heads[i]!)
      expect([layer, head]).toEqual([one!.layer, one!.head])
      const above = (own: typeof one) =>
        own!.scores['previous_token']!.value - own!.scores['previous_token']!.baseline
      expect(difference.value).toBeCloseTo(above(one) - above(other), 12)
    })
  })

  it('count those that are told apart, and name the furthest', () => {
    const weaker = plantedModel('weaker', {
      heads: [
        [previous, nowhere],
        [nowhere, first],
        [nowhere, nowhere]
      ],
      ...{ windows, size: 16, seed: 21 }
    })
    const own = headComparison(a, weaker).heads!.find(({ score }) => score === 'previous_token')!
    expect([own.furthest.layer, own.furthest.head, own.of]).toEqual([1, 0, 6])
    expect(own.apart).toBeGreaterThanOrEqual(1)
    expect(own.furthest.difference.low).toBeGreaterThan(0.3)
  })
})

describe('the furthest head', () => {
  const of = (head: number, value: number, low: number, high: number) => ({
    ...{ layer: 0, head },
    difference: { value, low, high }
  })

  it('is one of those that are told apart, where there are any', () => {
    const all = [of(0, 0.15, -0.1, 0.6), of(1, -0.1, -0.12, -0.08), of(2, 0.05, 0.04, 0.06)]
    expect(furthestHead(all)).toEqual({ furthest: all[1], apart: 2, of: 3 })
    expect(furthestHead(all.slice(0, 1))).toEqual({ furthest: all[0], apart: 0, of: 1 })
  })
})

describe('by depth', () => {
  it('has each head, with mean and maximum of its layer', () => {
    const layers = scoreByDepth(a, 'previous_token', false)
    expect(layers.map(({ depth, values }) => [depth, values.length])).toEqual([
      [0, 2],
      [0.5, 2],
      [1, 2]
    ])
    const values = a.atlas.heads.slice(0, 2).map(({ scores }) => scores['previous_token']!.value)
    expect(layers[0]!.values).toEqual(values)
    expect(layers[0]!.mean).toBeCloseTo((values[0]! + values[1]!) / 2, 12)
    expect(layers[0]!.max).toBe(Math.max(...values))
    const above = scoreByDepth(a, 'previous_token', true)
    const { baseline } = a.atlas.heads[0]!.scores['previous_token']!
    expect(above[0]!.values[0]).toBeCloseTo(values[0]! - baseline, 12)
    expect(scoreByDepth(a, 'no such score', false)).toEqual([])
  })
})

describe('in words', () => {
  it('says each thing with its numbers', () => {
    const { strongest } = kind('previous_token')[0]
    const { layer, head, score } = strongest!
    const shown = (value: number) => value.toPrecision(3)
    expect(words()).toContain(
      `Previous-token heads: 2 of 6 in one (layers 0, 1, mean depth 0.250; strongest ${layer}.${head}: ${shown(score.value)} over a baseline of ${shown(score.baseline)}); none of 3 in other.`
    )
    const { sides, difference } = mean('first_token')
    const { value, baseline, compared } = sides[0]
    expect(words()).toContain(
      `Attention to the first token: mean ${shown(value)} (uniform ${shown(baseline)}, +${shown(compared.value)}) in one,`
    )
    expect(words()).toMatch(/above uniform attention the difference is −0\.\d+ \(95 % −0\.\d+ to −/)
    expect(difference.value).toBeLessThan(0)
  })

  it('says of what is not told apart that its interval holds zero', () => {
    const parts = comparisonWords(headComparison(a, again))
    const not = parts.find(({ heading }) => heading.startsWith('Not told apart'))!
    const subjects = not.sentences.map(({ subject }) => subject)
    expect(subjects).toContain('Attention to the previous token')
    for (const { text } of not.sentences) expect(text).toMatch(/\(95 % −[\d.e−]+ to \+[\d.e−]+\)/)
  })

  it('says what is unlike: texts, windows, heads, layers', () => {
    const notes = comparison.notes.join('\n')
    expect(notes).toMatch(/texts of its own/)
    expect(notes).toMatch(/Windows differ: 16 tokens in one, 12 tokens in other/)
    expect(notes).toMatch(/one has 6 heads and other 3/)
    expect(notes).toMatch(/one has 3 layers and other 1/)
    expect(notes).not.toMatch(/Vocabularies|Only the text of/)
    const digits = { heads: [[previous]], windows, size: 12, letters: 'ab7' }
    expect(headComparison(a, plantedModel('digits', digits)).notes.join('\n')).toMatch(
      /Only the text of one has spaces: .*\nOnly the text of digits has digits:/
    )
    expect(headComparison(a, a).notes.join('\n')).not.toMatch(/differ:|texts of its own/)
    const strides = (own: number | null, other: number | null) =>
      headComparison({ ...a, stride: own }, { ...a, stride: other }).notes.join('\n')
    expect(strides(null, 8)).toContain(
      'Strides differ: windows follow one another in one, begin every 8 tokens in one.'
    )
    expect(strides(1, 8)).toContain('windows begin every 1 token in one, begin every 8 tokens')
    expect(strides(8, 8)).not.toContain('differ:')
  })
})

it('is a table with a row for each score of each head of both', () => {
  const whole = comparisonDataset(comparison)
  const lines = [...datasetCsv(whole, tablePlan(whole))].join('').trim().split('\r\n')
  expect(lines[0]).toBe(
    'score,score_label,head,head_label,value,baseline,spread,low,high,p,windows'
  )
  const scores = a.atlas.scores.length
  expect(lines).toHaveLength(1 + scores * (6 + 3))
  const { value, baseline } = b.atlas.heads[1]!.scores['previous_token']!
  expect(lines.find(line => line.startsWith('0,previous_token,7,other 0.1,'))).toContain(
    [value, baseline].join()
  )
  expect(whole.attributes['words']).toEqual(words().split('\n'))
})
