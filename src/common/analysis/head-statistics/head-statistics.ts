import { z } from 'zod'
import { axis, type Dataset } from '../../data/dataset.ts'
import { blockHookName, parseHookName } from '../../model/hooks.ts'
import { Seed } from '../../model/seed.ts'
import type { Visibility } from '../../model/visibility.ts'
import { nothing, type Analysis, type Given, type ModelFacts, type State } from '../analysis.ts'
import { generator } from '../generator.ts'
import { givenDataset } from '../given.ts'
import { addHead, growSums, headSums, type HeadSums } from '../head-scores/head-sums.ts'
import { countWindow, queryCounts } from '../head-scores/scores.ts'
import { visibleRange, windowPlan, type WindowPlan } from '../head-scores/window-plan.ts'
import { Layers, layersOf, widthsOf } from '../model-widths.ts'
import { classNames, tokenClasses } from '../token-classes.ts'
import { uniformPattern } from '../uniform-pattern.ts'
import { meanGives, meanVariables } from './means.ts'
import {
  bootstrapIntervals,
  flippedP,
  pooledMean,
  spreadOf,
  type Draws,
  type ScoreSample
} from './resampling.ts'
import { addWindow, mostGroups, noWindows, type WindowGroups } from './window-groups.ts'
import {
  attendedClasses,
  letterCount,
  letterShareTo,
  letterTargets,
  scoreOf,
  shareTo,
  windowScores
} from './window-scores.ts'

const Expression = z
  .string()
  .min(1)
  .max(1000)
  .refine(source => {
    try {
      new RegExp(source, 'u')
      return true
    } catch {
      return false
    }
  }, 'expected a regular expression, such as ^[A-Z]+$')

const HeadStatisticsParams = z.strictObject({
  /** Layers to look at, from 0; all when left out. */
  layers: Layers,
  /** Classes of tokens of one's own: a name, and a regular expression that their texts match. */
  classes: z
    .record(
      z
        .string()
        .regex(/^\w+$/, 'expected a name of letters, digits and _')
        .refine(
          name => ![...classNames, 'special'].some(known => known === name),
          'there is a class of this name'
        ),
      Expression
    )
    .default({}),
  /** A finding has at least so much more of the attention than the baseline. */
  least: z.number().min(0).max(1).default(0.1),
  /** And p, corrected for the number of heads, at most so large. */
  alpha: z.number().positive().max(1).default(0.05),
  /** Drawn anew so many times, for intervals and for p. */
  times: z.int().min(100).max(100_000).default(1000),
  /** Equal seeds draw alike. */
  seed: Seed
})
type HeadStatisticsParams = z.infer<typeof HeadStatisticsParams>

const perHead = (name: string, about: string): Given => ({
  ...{ name, about },
  axes: ['score', 'layer', 'head'],
  unit: ''
})

const halves = {
  found: 'on the first half of the windows',
  tested: 'on the second half'
} as const

const gives: readonly Given[] = [
  perHead('value', 'mean over windows, each by what its number is a mean over'),
  {
    ...perHead('baseline', 'the same of attention spread alike over what the layer sees'),
    axes: ['score', 'layer']
  },
  perHead('spread', 'standard deviation over windows'),
  perHead('low', 'lower end of the interval of 95 % (bootstrap over windows)'),
  perHead('high', 'upper end of the interval of 95 %'),
  perHead('p', 'that any head is as far above its baseline by chance (flipped signs, largest t)'),
  perHead('above', 'windows in which it is above the baseline'),
  { name: 'windows', axes: ['score'], unit: '', about: 'windows that have such a number' },
  {
    name: 'best_offset',
    axes: ['layer', 'head'],
    unit: 'tokens',
    about: 'how far back, the present token apart, the most attention goes on average'
  },
  {
    name: 'best_offset_value',
    axes: ['layer', 'head'],
    unit: '',
    about: 'mean over q of A[q, q − d] there'
  },
  {
    name: 'offset',
    axes: ['layer', 'head', 'offset'],
    unit: '',
    about: 'mean over q of A[q, q − d]; d = 0 is the token itself, 1 the previous token'
  },
  {
    name: 'baseline.offset',
    axes: ['layer', 'offset'],
    unit: '',
    about: 'the same of attention spread alike over what the layer sees'
  },
  ...meanGives,
  ...(['score', 'layer', 'head'] as const).map((name): Given => ({
    name: `finding.${name}`,
    axes: ['finding'],
    unit: '',
    about: name === 'score' ? 'which, by its place on the axis' : 'whose'
  })),
  ...(['found', 'tested'] as const).flatMap(half =>
    (['value', 'baseline', 'spread', 'p', 'above', 'windows'] as const).map((name): Given => ({
      name: `finding.${half}.${name}`,
      axes: ['finding'],
      unit: '',
      about: halves[half]
    }))
  ),
  {
    name: 'finding.holds',
    axes: ['finding'],
    unit: '',
    about: '1 where the second half says so too'
  }
]

/** All windows so far. */
interface Statistics extends State {
  readonly windows: WindowGroups
  /** Whether one begins with tokens of the one before. */
  overlap: boolean
  /** [head][distance], and what each is divided by. */
  offsets: Float64Array[]
  /** The same of uniform attention, [layer][distance]. */
  uniformOffsets: Float64Array[]
  reaching: Float64Array
}

/** What each head does, how sure that is, and which of it holds on text that it was not found on. */
export const headStatistics: Analysis<HeadStatisticsParams> = {
  name: 'head-statistics',
  version: 6,
  of: 'windows',
  compares: false,
  keeps: true,
  params: HeadStatisticsParams,
  about: {
    what: 'How surely each head does something: scores of head-scores window by window, with their baseline, spread, interval and p; and findings, which are found on the first half of the windows and tested on the second.',
    formulas: [
      'value = Σ_w n_w s_w / Σ_w n_w, with s_w the score of head-scores in a window and n_w the queries that it is a mean over',
      'to_X = mean over q of Σ of A[q, k] over the k of class X, of windows that have one',
      'letter_to_X, of all heads together = mean over the q that are letters of the same',
      'low, high: 2.5 % and 97.5 % of the values of as many windows, drawn with replacement',
      'p = (1 + times that the largest t of all heads, of differences from the baseline whose signs are flipped by window, reaches t) / (1 + times)',
      'a finding: value − baseline ≥ least and p ≤ alpha, on the first half; it holds where both are so on the second'
    ],
    sources: [
      'scores as head-scores says',
      'intervals: Efron 1979, percentiles; p: sign flips, Fisher 1935; largest t: Westfall & Young 1993'
    ],
    read: 'Scores: previous_token, self, first_token, duplicate_token, induction, entropy, distance, and to_X for classes of tokens: space, newline, digit, vowel, consonant, capital, punctuation, final (Hebrew final letters), repeated, special, and your own by `classes`. Windows are what is drawn and flipped: of few the signs fall alike too often for a small p, so a finding takes at least six in each half; cut texts shorter where there are fewer. p says that a head is above uniform attention, which nearly every head is of something; `least` asks for as much as can matter. Entropy and distance have no findings. Windows that follow one another in a text are less apart than ones that were drawn; of ones that share tokens nothing is drawn, so that low, high and p are NaN and there are no findings. Of more than 1,024 windows (fewer of a model of many heads) neighbours are pooled by twos, fours, …, so that memory does not grow: such groups are then what is counted, drawn and flipped, and what the spread is over; windows_each says how many windows a group has.',
    baseline:
      'The same score of attention spread alike over all that the layer lets each query see.'
  },
  gives,

  needs: ({ layers }, model) => ({
    ...nothing,
    hooks: layersOf(model, layers).map(layer => blockHookName(layer, 'attn.hook_pattern'))
  }),

  start(params, model, state) {
    const layers = layersOf(model, params.layers)
    const { nHeads } = widthsOf(model)
    const heads = layers.length * nHeads
    const classes = attendedClasses(params.classes)
    const seen = layers.map(layer => model.visibility?.[layer] ?? null)
    const causal = seen.every(visibility => visibility?.causal ?? false)
    const all = (state as Statistics | null) ?? {
      windows: noWindows(),
      overlap: false,
      offsets: Array.from({ length: heads }, () => new Float64Array(0)),
      uniformOffsets: layers.map(() => new Float64Array(0)),
      reaching: new Float64Array(0)
    }
    const scores = windowScores.length + classes.length + letterTargets.length
    let plan: WindowPlan | null = null
    let texts: readonly (string | null)[] | null = null
    let sums = headSums(0)

    /** Puts the numbers of the window under way with the others. */
    function add(): void {
      if (plan === null) return
      const counts = queryCounts()
      countWindow(counts, plan)
      const kinds = { causal, classes: false }
      const keys = keysOf(texts)
      const letters = letterCount(counts)
      const ofLetters = windowScores.length + classes.length
      const numbersOf = (sums: HeadSums, rows: number) => {
        const all = new Float64Array(scores * rows)
        for (let row = 0; row < rows; row++) {
          windowScores.forEach(
            (score, i) => (all[i * rows + row] = scoreOf(score, sums, row, counts, kinds))
          )
          keys.forEach((own, i) => {
            const share = shareTo(own, sums, row, counts.queries)
            all[(windowScores.length + i) * rows + row] = share
          })
          letterTargets.forEach((target, i) => {
            all[(ofLetters + i) * rows + row] = letterShareTo(target, sums, row, letters)
          })
        }
        return all
      }
      const uniform = uniformSums(seen, plan)
      const numbers = {
        values: numbersOf(sums, heads),
        baselines: uniform && numbersOf(uniform, layers.length),
        weights: Float64Array.from([
          ...windowScores.map(({ weight }) => weight(counts)),
          ...keys.map(own => (own.length > 0 ? counts.queries : 0)),
          ...letterTargets.map(name => (keys[classNames.indexOf(name)]!.length > 0 ? letters : 0))
        ])
      }
      addWindow(all.windows, numbers, mostGroups(scores * heads))
      all.reaching = sumOf(all.reaching, counts.reaching)
      all.offsets = withOffsets(all.offsets, sums)
      if (uniform !== null) all.uniformOffsets = withOffsets(all.uniformOffsets, uniform)
      plan = null
    }

    /** The keys of each class; none where no tokenizer tells. */
    function keysOf(texts: readonly (string | null)[] | null): number[][] {
      if (texts === null) return classes.map(() => [])
      const bits = tokenClasses(texts)
      return classes.map(({ has }) =>
        texts.flatMap((text, key) => (has(text, bits[key]!) ? [key] : []))
      )
    }

    return {
      begin(window) {
        add()
        all.overlap ||= window.overlaps ?? false
        plan = windowPlan(window)
        texts = window.texts
        sums = headSums(heads)
        growSums(sums, plan.size)
      },
      take(taken) {
        if (taken.kind !== 'hook' || plan === null) return
        const row = layers.indexOf(parseHookName(taken.hook)?.layer ?? -1)
        const range = visibleRange(seen[row] ?? everything, plan.size)
        for (let head = 0; head < nHeads; head++)
          addHead(sums, row * nHeads + head, plan, range, taken.data, head * plan.size ** 2)
      },
      result() {
        add()
        return statisticsOf(all, params, model, layers)
      },
      state() {
        add()
        return all
      }
    }
  }
}

const everything: Visibility = { causal: false, reach: null }

/** Uniform attention, a row a layer; null where it is not known what a query sees. */
function uniformSums(seen: readonly (Visibility | null)[], plan: WindowPlan): HeadSums | null {
  const sums = headSums(seen.length)
  growSums(sums, plan.size)
  for (const [row, visibility] of seen.entries()) {
    if (visibility === null) return null
    const { data } = uniformPattern(plan.size, visibility)
    addHead(sums, row, plan, visibleRange(visibility, plan.size), data)
  }
  return sums
}

function withOffsets(all: readonly Float64Array[], { offset, size }: HeadSums): Float64Array[] {
  return all.map((own, head) => sumOf(own, offset.subarray(head * size, (head + 1) * size)))
}

function sumOf(one: Float64Array, other: Float64Array): Float64Array {
  const sum = new Float64Array(Math.max(one.length, other.length))
  one.forEach((value, i) => (sum[i]! += value))
  other.forEach((value, i) => (sum[i]! += value))
  return sum
}

function statisticsOf(
  { windows: { groups, each: inEach }, overlap, offsets, uniformOffsets, reaching }: Statistics,
  { classes: own, least, alpha, times, seed }: HeadStatisticsParams,
  model: ModelFacts,
  layers: readonly number[]
): Dataset {
  const { nLayers, nHeads } = widthsOf(model)
  const heads = layers.length * nHeads
  const names = [
    ...windowScores.map(({ name }) => name),
    ...attendedClasses(own).map(({ name }) => `to_${name}`)
  ]
  const isMass = (score: number) => windowScores[score]?.isMass ?? true
  const hasBaseline = groups.length > 0 && groups.every(({ baselines }) => baselines !== null)
  const half = Math.floor(groups.length / 2)
  const draws = overlap ? null : { times, numbers: () => generator(seed) }

  const sampleOf = (score: number, from: number, to: number): ScoreSample => {
    const own = groups.slice(from, to).filter(({ weights }) => weights[score]! > 0)
    return {
      values: own.map(({ values }) => values.subarray(score * heads, (score + 1) * heads)),
      weights: own.map(({ weights }) => weights[score]!),
      baselines: hasBaseline
        ? own.map(({ baselines }) =>
            Float64Array.from(
              { length: heads },
              (_, head) => baselines![score * layers.length + Math.floor(head / nHeads)]!
            )
          )
        : null
    }
  }
  const means = [...names, ...letterTargets.map(name => `letter_to_${name}`)]
  const samples = means.map((_, score) => sampleOf(score, 0, groups.length))
  const whole = names.map((_, score) => {
    const sample = samples[score]!
    return { ...factsOf(sample, heads, draws), ...bootstrapIntervals(sample, heads, draws) }
  })
  const found: { score: number; head: number; first: Facts; second: Facts; holds: boolean }[] = []
  for (const score of names.keys()) {
    if (!isMass(score) || !hasBaseline) continue
    const first = factsOf(sampleOf(score, 0, half), heads, draws)
    const candidates = [...Array(heads).keys()].filter(head => isFound(first, head, least, alpha))
    if (candidates.length === 0) continue
    const second = factsOf(sampleOf(score, half, groups.length), heads, draws)
    for (const head of candidates) {
      const holds = isFound(second, head, least, alpha)
      found.push({ score, head, first, second, holds })
    }
  }
  const each = (of: (facts: (typeof whole)[number]) => ArrayLike<number>) =>
    Float64Array.from(whole.flatMap(facts => Array.from(of(facts))))
  const curves = (sums: readonly Float64Array[]) =>
    Float64Array.from(sums.flatMap(own => Array.from(own, (sum, d) => sum / reaching[d]!)))
  const best = offsets.map(own => bestOffset(own, reaching))
  const integers = (of: (finding: (typeof found)[number]) => number) => Int32Array.from(found, of)
  const factsIn = (name: 'found' | 'tested') =>
    Object.fromEntries(
      (['value', 'baseline', 'spread', 'p', 'above', 'windows'] as const).map(fact => [
        `finding.${name}.${fact}`,
        Float64Array.from(found, ({ head, first, second }) => {
          const facts = name === 'found' ? first : second
          return fact === 'windows' ? facts.windows : facts[fact][head]!
        })
      ])
    )
  const isAll = layers.length === nLayers
  return givenDataset(
    gives,
    {
      score: axis(names),
      layer: axis(isAll ? layers.length : layers.map(String)),
      head: axis(nHeads),
      offset: axis(reaching.length),
      mean: axis(means),
      finding: axis(
        found.map(({ score, head, first }) => {
          const place = `${layers[Math.floor(head / nHeads)]}.${head % nHeads}`
          return `head ${place}: ${wordsOf(names[score]!)}, ${first.value[head]!.toFixed(2)}`
        })
      )
    },
    {
      value: each(({ value }) => value),
      ...(hasBaseline && {
        baseline: each(({ baseline }) => baseline.filter((_, head) => head % nHeads === 0)),
        p: each(({ p }) => p),
        above: each(({ above }) => above)
      }),
      spread: each(({ spread }) => spread),
      low: each(({ low }) => low),
      high: each(({ high }) => high),
      windows: Float64Array.from(whole, ({ windows }) => windows),
      best_offset: Float64Array.from(best, ({ offset }) => offset),
      best_offset_value: Float64Array.from(best, ({ value }) => value),
      offset: curves(offsets),
      ...(hasBaseline && { 'baseline.offset': curves(uniformOffsets) }),
      ...meanVariables(samples, heads, draws),
      'finding.score': integers(({ score }) => score),
      'finding.layer': integers(({ head }) => layers[Math.floor(head / nHeads)]!),
      'finding.head': integers(({ head }) => head % nHeads),
      ...factsIn('found'),
      ...factsIn('tested'),
      'finding.holds': integers(({ holds }) => Number(holds))
    },
    {
      windows_each: inEach,
      ...(overlap && {
        not_drawn:
          'Windows overlap: what they share counts more than once, so there are no intervals, no p and no findings. A stride of a window or more, or none, has them.'
      }),
      ...(!hasBaseline && {
        no_baseline: 'Which keys a query sees is not known of this graph: nothing is tested.'
      })
    }
  )
}

/** What some windows say of every head. */
interface Facts {
  readonly value: Float64Array
  readonly baseline: Float64Array
  readonly spread: Float64Array
  readonly p: Float64Array
  readonly above: Float64Array
  readonly windows: number
}

function factsOf(sample: ScoreSample, heads: number, draws: Draws | null): Facts {
  const { values, weights, baselines } = sample
  const of = (fact: (head: number) => number) =>
    Float64Array.from({ length: heads }, (_, head) => fact(head))
  const base = { values: baselines ?? [], weights }
  const differences = values.map((own, w) =>
    own.map((value, head) => value - (baselines?.[w]?.[head] ?? NaN))
  )
  return {
    value: of(head => pooledMean(sample, head)),
    baseline: of(head => pooledMean(base, head)),
    spread: of(head => spreadOf(sample, head)),
    p: flippedP(differences, heads, draws),
    above: of(head => differences.filter(own => own[head]! > 0).length),
    windows: values.length
  }
}

function isFound({ value, baseline, p }: Facts, head: number, least: number, alpha: number) {
  return value[head]! - baseline[head]! >= least && p[head]! <= alpha
}

/** Which offset is a head's best, and of which queries and offsets it is not. */
export const aboutBestOffset =
  'The best offset is where the curve by offset is highest, among tokens before the query: the query itself does not count, nor does an offset that fewer than a quarter of the queries reach.'

/** Where the curve is highest, the token itself apart. */
function bestOffset(
  sums: Float64Array,
  reaching: Float64Array
): { readonly offset: number; readonly value: number } {
  let best = { offset: NaN, value: -Infinity }
  sums.forEach((sum, offset) => {
    const value = sum / reaching[offset]!
    // Of the farthest few there are hardly any.
    if (offset > 0 && reaching[offset]! >= reaching[0]! / 4 && value > best.value)
      best = { offset, value }
  })
  return Number.isNaN(best.offset) ? { offset: NaN, value: NaN } : best
}

function wordsOf(name: string): string {
  return name.replace(/_/g, ' ')
}
