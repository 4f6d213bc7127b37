import { z } from 'zod'
import { axis, type Dataset } from '../../data/dataset.ts'
import { blockHookName, parseHookName } from '../../model/hooks.ts'
import { Seed } from '../../model/seed.ts'
import { nothing, type Analysis, type Given, type State } from '../analysis.ts'
import { describedTokens } from '../described-tokens.ts'
import { givenDataset } from '../given.ts'
import { drawnOrder } from '../head-contexts/score-cells.ts'
import { Layers, layersOf, widthsOf } from '../model-widths.ts'
import { activationOf, sparsePattern, type SparsePattern } from './sparse-pattern.ts'

const HeadSequenceParams = z.strictObject({
  /** Layers to look at, from 0; all when left out. */
  layers: Layers,
  /** Parts of the range of activations, each of as many windows. */
  intervals: z.int().min(1).max(20).default(10),
  /** Windows kept of each; of the last those with the highest activations. */
  per_interval: z.int().min(1).max(50).default(5),
  /** Weights kept of a row of a pattern, the largest ones. */
  per_row: z.int().min(1).max(64).default(8),
  /** And what they have at least. */
  least: z.number().min(0).max(1).default(0.005),
  /** Equal seeds draw alike. */
  seed: Seed
})
type HeadSequenceParams = z.infer<typeof HeadSequenceParams>

/** Cells that activations, from 0 to 1, are counted in, and bins of the histogram. */
const cells = 500
const bins = 50
/** Windows drawn for each that is kept: an interval may be drawn less than others. */
const spare = 3

const perSequence = (name: string, unit: string, about: string): Given => ({
  name: `sequence.${name}`,
  axes: ['sequence'],
  ...{ unit, about }
})

const gives: readonly Given[] = [
  {
    name: 'histogram',
    axes: ['layer', 'head', 'bin'],
    unit: '',
    about: 'windows by their activation, in bins of equal width from 0 to 1'
  },
  {
    name: 'mean_activation',
    axes: ['layer', 'head'],
    unit: '',
    about: 'mean over windows of the largest weight but those of the first query and the first key'
  },
  perSequence('layer', '', 'whose it is'),
  perSequence('head', '', 'whose it is'),
  perSequence('interval', '', 'which part of the range it is of, from 1, the lowest'),
  perSequence(
    'activation',
    '',
    'the largest weight but those of the first query and the first key'
  ),
  perSequence('text', '', 'which text it is, by its place on that axis'),
  perSequence('entries', '', 'weights that are kept of it; they follow those of the one before'),
  { name: 'text.window', axes: ['text'], unit: '', about: 'which window it is, from 0' },
  { name: 'text.tokens', axes: ['text'], unit: 'tokens', about: 'how many it has' },
  { name: 'token', axes: ['place'], unit: '', about: 'token ids, text after text' },
  { name: 'index', axes: ['entry'], unit: '', about: 'query · tokens + key' },
  { name: 'weight', axes: ['entry'], unit: '', about: 'A[query, key] there' }
]

/** Whole windows for every head, from the whole range of how strongly it attends, with the largest weights of each. */
export const headSequences: Analysis<HeadSequenceParams> = {
  name: 'head-sequences',
  version: 2,
  of: 'windows',
  compares: false,
  keeps: false,
  params: HeadSequenceParams,
  about: {
    what: 'Windows for every head, from the whole range of its activation, which is the largest weight of a window; of each the largest weights of its rows. It is what HeadVis shows.',
    formulas: ['activation = max of A[q, k] over q > 0, k > 0'],
    sources: [
      'HeadVis, 2026: activation, intervals, and which weights are kept',
      'drawing: bottom-k sampling, Cohen & Kaplan 2007'
    ],
    read: `Intervals hold as many windows each, told by ${cells} cells of equal width; a cell is not cut, so they differ where many windows are nearly alike. The last has the windows of the highest activations. Of the others those are kept that are first in an order that seed and window determine: of the same ${spare} × intervals × per_interval windows for every head, so that memory does not grow with the text.`,
    baseline: ''
  },
  gives,

  needs: ({ layers }, model) => ({
    ...nothing,
    hooks: layersOf(model, layers).map(layer => blockHookName(layer, 'attn.hook_pattern'))
  }),

  start(params, model, state) {
    const layers = layersOf(model, params.layers)
    const { nHeads } = widthsOf(model)
    const rows = layers.length * nHeads
    const all = (state as Sequences | null) ?? {
      windows: 0,
      counts: new Uint32Array(rows * cells),
      sums: new Float64Array(rows),
      drawn: [],
      tops: Array.from({ length: rows }, () => [])
    }
    const room = spare * params.intervals * params.per_interval
    let present: Text | null = null
    let drawn: DrawnWindow | null = null

    /** Keeps a window while it is among the first in the order. */
    function draw(text: Text, order: number): DrawnWindow | null {
      const at = all.drawn.findIndex(other => order < other.order)
      if (at < 0 && all.drawn.length === room) return null
      const own: DrawnWindow = { text, order, patterns: Array<null>(rows).fill(null) }
      all.drawn.splice(at < 0 ? all.drawn.length : at, 0, own)
      all.drawn.length = Math.min(all.drawn.length, room)
      return own
    }

    function add(row: number, data: Float32Array, from: number, text: Text): void {
      const size = text.ids.length
      const activation = activationOf(data, from, size)
      all.counts[row * cells + cellOf(activation)]!++
      all.sums[row]! += activation
      const tops = all.tops[row]!
      // Of equal ones the earlier stays ahead.
      const at = tops.findIndex(other => activation > other.activation)
      const isTop = at >= 0 || tops.length < params.per_interval
      if (drawn === null && !isTop) return
      const sparse = sparsePattern(data, from, size, params.per_row, params.least)
      const own = { activation, ...sparse }
      if (drawn !== null) drawn.patterns[row] = own
      if (!isTop) return
      tops.splice(at < 0 ? tops.length : at, 0, { ...own, text })
      tops.length = Math.min(tops.length, params.per_interval)
    }

    return {
      begin({ ids, label }) {
        present = { window: all.windows, label, ids: ids.slice() }
        drawn = draw(present, drawnOrder(params.seed, all.windows, 0))
        all.windows++
      },
      take(taken) {
        if (taken.kind !== 'hook' || present === null) return
        const layer = layers.indexOf(parseHookName(taken.hook)?.layer ?? -1)
        const { length } = present.ids
        for (let head = 0; head < nHeads; head++)
          add(layer * nHeads + head, taken.data, head * length ** 2, present)
      },
      result: () => sequencesDataset(all, params, layers, nHeads),
      state: () => all
    }
  },

  described: (result, { tokens }) => describedTokens(result, ['token'], tokens)
}

interface Text {
  readonly window: number
  readonly label: string
  readonly ids: Int32Array
}

interface Activated extends SparsePattern {
  readonly activation: number
}

/** A window that was drawn for every head, [head]. */
interface DrawnWindow {
  readonly order: number
  readonly text: Text
  readonly patterns: (Activated | null)[]
}

interface Sequences extends State {
  windows: number
  /** [head, cell] */
  readonly counts: Uint32Array
  /** [head], of activations. */
  readonly sums: Float64Array
  /** The first in the order. */
  readonly drawn: DrawnWindow[]
  /** [head], the highest activation first. */
  readonly tops: (Activated & { readonly text: Text })[][]
}

function cellOf(activation: number): number {
  return Math.min(cells - 1, Math.floor(activation * cells))
}

/** The interval of each cell of one head, from 1. */
function intervalsOf(counts: Uint32Array, intervals: number): Int32Array {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let before = 0
  return Int32Array.from(counts, count => {
    const middle = (before + count / 2) / total
    before += count
    return 1 + Math.min(intervals - 1, Math.floor(middle * intervals))
  })
}

interface Kept extends Activated {
  readonly row: number
  readonly interval: number
  readonly text: Text
}

/** What is kept of one head, the lowest interval first. */
function keptOf(
  { counts, drawn, tops }: Sequences,
  row: number,
  { intervals, per_interval: most }: HeadSequenceParams
): Kept[] {
  const intervalIn = intervalsOf(counts.subarray(row * cells, (row + 1) * cells), intervals)
  const intervalOf = ({ activation }: Activated) => intervalIn[cellOf(activation)]!
  const taken = new Int32Array(intervals + 1)
  const sampled = drawn.flatMap(({ text, patterns }): Kept[] => {
    const own = patterns[row]
    if (own == null) return []
    const interval = intervalOf(own)
    if (interval === intervals || taken[interval]! >= most) return []
    taken[interval]!++
    return [{ ...own, row, interval, text }]
  })
  const highest = tops[row]!.filter(own => intervalOf(own) === intervals).map(own => ({
    ...own,
    row,
    interval: intervals
  }))
  return [...sampled.sort((a, b) => a.interval - b.interval), ...highest]
}

function sequencesDataset(
  all: Sequences,
  params: HeadSequenceParams,
  layers: readonly number[],
  nHeads: number
): Dataset {
  const rows = layers.length * nHeads
  const kept = Array.from({ length: rows }, (_, row) => keptOf(all, row, params)).flat()
  const texts = [...new Set(kept.map(({ text }) => text.window))]
    .sort((a, b) => a - b)
    .map(window => kept.find(({ text }) => text.window === window)!.text)
  const places = new Map(texts.map(({ window }, place) => [window, place]))
  const histogram = new Float64Array(rows * bins)
  all.counts.forEach((count, at) => (histogram[Math.floor((at * bins) / cells)]! += count))
  const integers = (of: (own: Kept) => number) => Int32Array.from(kept, of)
  const entries = kept.reduce((sum, { indices }) => sum + indices.length, 0)
  const index = new Int32Array(entries)
  const weight = new Float32Array(entries)
  let next = 0
  for (const { indices, weights } of kept) {
    index.set(indices, next)
    weight.set(weights, next)
    next += indices.length
  }
  const isAll = layers.every((layer, row) => layer === row)
  return givenDataset(
    gives,
    {
      layer: axis(isAll ? layers.length : layers.map(String)),
      head: axis(nHeads),
      bin: axis(bins),
      sequence: axis(kept.length),
      text: axis(texts.map(({ label }) => label)),
      place: axis(texts.reduce((sum, { ids }) => sum + ids.length, 0)),
      entry: axis(entries)
    },
    {
      histogram,
      mean_activation: all.sums.map(sum => sum / all.windows),
      'sequence.layer': integers(({ row }) => layers[Math.floor(row / nHeads)]!),
      'sequence.head': integers(({ row }) => row % nHeads),
      'sequence.interval': integers(({ interval }) => interval),
      'sequence.activation': Float64Array.from(kept, ({ activation }) => activation),
      'sequence.text': integers(({ text }) => places.get(text.window)!),
      'sequence.entries': integers(({ indices }) => indices.length),
      'text.window': Int32Array.from(texts, ({ window }) => window),
      'text.tokens': Int32Array.from(texts, ({ ids }) => ids.length),
      token: Int32Array.from(texts.flatMap(({ ids }) => [...ids])),
      ...{ index, weight }
    }
  )
}
