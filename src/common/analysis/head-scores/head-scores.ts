import { z } from 'zod'
import { axis, type Dataset } from '../../data/dataset.ts'
import { LamellaError } from '../../model/errors.ts'
import { blockHookName, parseHookName } from '../../model/hooks.ts'
import type { Visibility } from '../../model/visibility.ts'
import {
  nothing,
  type Accumulator,
  type Analysis,
  type Given,
  type ModelFacts,
  type State,
  type Window
} from '../analysis.ts'
import { givenDataset } from '../given.ts'
import { Layers, layersOf, widthsOf } from '../model-widths.ts'
import { classNames } from '../token-classes.ts'
import { uniformPattern } from '../uniform-pattern.ts'
import { addHead, growSums, headSums, type HeadSums } from './head-sums.ts'
import {
  countWindow,
  queryCounts,
  scores,
  scoresOf,
  type QueryCounts,
  type ScoreKinds
} from './scores.ts'
import { visibleRange, windowPlan, type VisibleRange, type WindowPlan } from './window-plan.ts'

const HeadScoreParams = z.strictObject({
  /** Layers to look at, from 0; all when left out. */
  layers: Layers
})
type HeadScoreParams = z.infer<typeof HeadScoreParams>

/** Share of heads whose weight on the first token is above this: the usual bound of a sink. */
const sinkBound = 0.3

const gives: readonly Given[] = [
  ...scores.flatMap(({ name, axes, unit, about }) => [
    { name, axes: ['layer', 'head', ...axes], unit, about },
    { name: `baseline.${name}`, axes: [...axes], unit, about: 'of uniform attention' },
    {
      name: `visible.${name}`,
      axes: ['layer', ...axes],
      unit,
      about: "of uniform attention within the layer's window"
    }
  ]),
  {
    name: 'class_member',
    axes: ['class', 'pos'],
    unit: '',
    about: '1 where the token is of the class; of one window'
  },
  { name: 'sink_share', axes: [], unit: '', about: `share of heads with sink[0] > ${sinkBound}` },
  ...['duplicate', 'induction'].map(kind => ({
    name: `queries_with_${kind}`,
    axes: [],
    unit: '',
    about: 'queries that have an earlier copy'
  }))
]

/** What each head does on given texts: where it looks, how far, how sharply, and at what. */
export const headScores: Analysis<HeadScoreParams> = {
  name: 'head-scores',
  version: 1,
  of: 'windows',
  compares: false,
  keeps: true,
  params: HeadScoreParams,
  about: {
    what: 'What each attention head does on given texts: the mean weight it puts on tokens at each distance, on copies of the present token and on what followed them, on the first token, on classes of characters; how sharp it is and how far it looks. Of several windows, sums and counts are pooled: every query counts alike.',
    formulas: scores.map(({ name, about }) => `${name}: ${about}`),
    sources: [
      'previous token, duplicate token, induction: Olsson et al. 2022; Wang et al. 2022; TransformerLens head_detector for the scores by product (mul) and by difference (abs)',
      'entropy: Clark et al. 2019, section 3; distance: Vig & Belinkov 2019, section 4.3',
      'sink: Gu et al. 2024, "When Attention Sink Emerges in Language Models"'
    ],
    read: 'A is a pattern [query, key], t the token ids, n the tokens of a window, all counted from 0. A score means something beside its baseline. A token of several characters is of the class of its first one, spaces apart; final forms are told by the last.',
    baseline:
      'baseline.X is X of attention spread alike over all keys at or before the query (encoders: over all keys); visible.X, where layers have windows, over what the layer lets the query see.'
  },
  gives,

  needs: (params, model) => ({
    ...nothing,
    hooks: layersOf(model, params.layers).map(layer => blockHookName(layer, 'attn.hook_pattern'))
  }),

  start(params, model, state) {
    const layers = layersOf(model, params.layers)
    return scoring(model, layers, (state as Scored | null) ?? nothingYet(model, layers))
  }
}

/** All that is known after some windows. */
interface Scored extends State {
  readonly heads: HeadSums
  /** Of uniform attention over all that may be seen at all: one row. */
  readonly baseline: HeadSums
  /** The same over what each layer lets its queries see: a row a layer; none where no layer has a window. */
  readonly visible: HeadSums
  readonly counts: QueryCounts
  /** Tokens of every window so far have texts. */
  classes: boolean
  /** Of the last window, which is the only one as long as there is one. */
  member: Int32Array
}

function nothingYet(model: ModelFacts, layers: readonly number[]): Scored {
  const { nHeads } = widthsOf(model)
  return {
    heads: headSums(layers.length * nHeads),
    baseline: headSums(baselineOf(model) === null ? 0 : 1),
    visible: headSums(hasWindows(model) ? layers.length : 0),
    counts: queryCounts(),
    classes: true,
    member: new Int32Array(0)
  }
}

function scoring(model: ModelFacts, layers: readonly number[], scored: Scored): Accumulator {
  const { nHeads } = widthsOf(model)
  const { heads, baseline, visible, counts } = scored
  const everything = { causal: false, reach: null }
  const seen = layers.map(layer => model.visibility?.[layer] ?? everything)
  const uniform = baselineOf(model)
  let plan: WindowPlan | null = null
  let ranges = new Map<string, VisibleRange>()

  function rangeOf(visibility: Visibility, size: number): VisibleRange {
    const key = JSON.stringify([visibility.causal, visibility.reach])
    const range = ranges.get(key) ?? visibleRange(visibility, size)
    ranges.set(key, range)
    return range
  }

  /** Adds the pattern of uniform attention as a head of its own. */
  function addUniform(sums: HeadSums, row: number, visibility: Visibility, own: WindowPlan): void {
    const { data } = uniformPattern(own.size, visibility)
    addHead(sums, row, own, rangeOf(visibility, own.size), data)
  }

  return {
    begin(window: Window) {
      const own = (plan = windowPlan(window))
      ranges = new Map()
      for (const sums of [heads, baseline, visible]) growSums(sums, own.size)
      countWindow(counts, own)
      scored.classes &&= window.texts !== null
      scored.member = members(own)
      if (uniform !== null) addUniform(baseline, 0, uniform, own)
      if (visible.heads > 0)
        seen.forEach((visibility, i) => addUniform(visible, i, visibility, own))
    },

    take(taken) {
      if (taken.kind !== 'hook' || plan === null) return
      const row = layers.indexOf(parseHookName(taken.hook)?.layer ?? -1)
      const { size } = plan
      if (taken.shape.join() !== [nHeads, size, size].join())
        throw new LamellaError(
          'internal',
          `${taken.hook}: [${taken.shape.join(', ')}], expected [${nHeads}, ${size}, ${size}]`
        )
      const range = rangeOf(seen[row]!, size)
      for (let head = 0; head < nHeads; head++)
        addHead(heads, row * nHeads + head, plan, range, taken.data, head * size * size)
    },

    result: () => scoreDataset(model, layers, scored),
    state: () => scored
  }
}

function scoreDataset(model: ModelFacts, layers: readonly number[], scored: Scored): Dataset {
  const { nHeads } = widthsOf(model)
  const { heads, baseline, visible, counts, classes, member } = scored
  const causal = model.visibility?.[layers[0]!]?.causal ?? false
  const hasSinks = layers.some(layer => model.scores?.[layer]?.sinks ?? false)
  const kinds: ScoreKinds = { causal, classes: classes && counts.windows > 0, sinks: hasSinks }
  const rows = (count: number) => Array.from({ length: count }, (_, row) => row)
  const ofHeads = { prefix: '', rows: rows(heads.heads) }
  const ofBaseline = { prefix: 'baseline.', rows: rows(baseline.heads) }
  const ofVisible = { prefix: 'visible.', rows: rows(visible.heads) }
  const own = scoresOf(heads, counts, kinds, ofHeads)
  const sinks = own['sink']!
  let shares = 0
  for (let head = 0; head < heads.heads; head++) if (sinks[head * heads.size]! > sinkBound) shares++
  const isAll = layers.length === widthsOf(model).nLayers
  return givenDataset(
    gives,
    {
      layer: axis(isAll ? layers.length : layers.map(String)),
      head: axis(nHeads),
      offset: axis(heads.size),
      key: axis(heads.size),
      ...(kinds.classes && {
        class: axis(classNames),
        from_class: axis(classNames),
        to_class: axis(classNames)
      }),
      ...(kinds.classes && counts.windows === 1 && { pos: axis(heads.size) })
    },
    {
      ...own,
      ...(baseline.heads > 0 && scoresOf(baseline, counts, kinds, ofBaseline)),
      ...(visible.heads > 0 && scoresOf(visible, counts, kinds, ofVisible)),
      ...(kinds.classes && counts.windows === 1 && { class_member: member }),
      sink_share: Float64Array.of(shares / heads.heads),
      queries_with_duplicate: Float64Array.of(counts.withCopy),
      queries_with_induction: Float64Array.of(counts.withCopy)
    },
    { ...noBaseline(model), ...(hasSinks && { sinks: ofSinks }) }
  )
}

/** What is to be known of scores where rows sum to less than 1. */
const ofSinks =
  'Heads have attention sinks: what a sink takes goes to no key, so that rows sum to less than 1. Masses and entropy are of the keys alone, and the baseline is of a head whose sink takes nothing; mul scores and distance are of what the keys get.'

/** Why there is no baseline, where there is none: nothing is guessed of a graph that does not tell. */
function noBaseline(model: ModelFacts): Dataset['attributes'] {
  return baselineOf(model) === null
    ? {
        baseline: null,
        no_baseline:
          'Which keys a query sees is not known of this graph: it has no baseline, and its sink is over all queries.'
      }
    : {}
}

/** [class, pos], 1 where a token is of a class. */
function members({ size, setOf, sets }: WindowPlan): Int32Array {
  return Int32Array.from({ length: classNames.length * size }, (_, i) => {
    const bits = sets[setOf[i % size]!]!
    return (bits >> Math.floor(i / size)) & 1
  })
}

/** What uniform attention sees: all that any layer might. */
function baselineOf({ visibility }: ModelFacts): Visibility | null {
  const first = visibility?.[0]
  return first === undefined ? null : { causal: first.causal, reach: null }
}

function hasWindows({ visibility }: ModelFacts): boolean {
  return visibility?.some(({ reach }) => reach !== null) ?? false
}
