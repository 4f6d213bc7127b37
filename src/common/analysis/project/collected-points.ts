import { z } from 'zod'
import { LamellaError } from '../../model/errors.ts'
import type { Accumulator, ModelFacts, Needs, Report, State } from '../analysis.ts'
import { nothing } from '../analysis.ts'
import type { Dataset } from '../../data/dataset.ts'
import { rowNorms } from '../embeddings/anisotropy.ts'
import { collectedWeights } from '../embeddings/embedding-matrix.ts'
import { generator } from '../generator.ts'
import { hookOfPlace, placeOfHook } from '../../model/hooks.ts'
import { LayerPlace, placeOfLayer } from '../hidden-states/layer-place.ts'
import { Layers, widthsOf } from '../model-widths.ts'
import { SentenceBy, sentenceVector } from '../hidden-states/sentence-vector.ts'
import { isOfTexts, isOfTokens, PointSet, weightPoints } from './point-sets.ts'
import { lettersOf } from '../../text/cut-short.ts'

/** Params: which vectors are points. */
export const pointParams = {
  /**
   * What is shown: tokens by their rows of the input or output embedding, positions, neurons by what they read (W_in) or write
   * (W_out), heads by all numbers of a weight, a text's tokens at a layer or at each,
   * or whole texts at a layer.
   */
  set: PointSet.default('input'),
  /** Layers of neurons and heads; all when left out. */
  layers: Layers,
  /** Where a text's tokens are looked at. */
  layer: LayerPlace,
  /** What stands for a whole text. */
  sentence: SentenceBy,
  /** Whether rows are brought to length 1 first, so that distances tell angles. */
  unit: z.boolean().default(false),
  /** The most points; of more a sample. */
  points: z.int().min(3).max(1_000_000).nullable().default(null),
  /** Draws the sample, and whatever else is drawn. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0)
}
type PointParams = z.infer<z.ZodObject<typeof pointParams>>

/** Numbers of vectors of texts that are held. */
const mostHeld = 2 ** 26

/** Vectors, and what is said of each. */
export interface Points {
  /** [row, width] */
  readonly data: Float32Array
  readonly width: number
  readonly labels: readonly string[]
  /** How many times the same things come one after the other: at each layer, or once. */
  readonly followed: number
  /** [row] each. */
  readonly facts: Readonly<Record<string, Int32Array>>
  readonly attributes: Readonly<Record<string, string>>
}

/** What an analysis of points asks for. */
export function neededForPoints(params: PointParams, model: ModelFacts): Needs {
  if (isOfTexts(params.set)) return { ...nothing, hooks: placesOf(params, model).map(hookOfPlace) }
  return { ...nothing, weights: weightPoints(params.set, params.layers, model).weights }
}

/** The residual streams that vectors of texts are of. */
function placesOf({ set, layer }: PointParams, model: ModelFacts): number[] {
  return set === 'token-layers'
    ? [...Array(widthsOf(model).nLayers + 1).keys()]
    : [placeOfLayer(layer, model)]
}

/** Takes what was asked for. @param come what is made of the points */
export function collectedPoints(
  params: PointParams,
  model: ModelFacts,
  state: State | null,
  come: (points: Points, report: Report | undefined) => Dataset
): Accumulator {
  return isOfTexts(params.set)
    ? ofTexts(params, placesOf(params, model).length, state, come)
    : ofWeights(params, model, come)
}

/** Points as they are looked at: some or all, of length 1 where that is wanted. */
export interface DrawnPoints {
  /** Of all points, rising. */
  readonly rows: readonly number[]
  /** [row, width] */
  readonly data: Float32Array
  /** [row], as the vectors are */
  readonly norms: Float64Array
  /** [row] each. */
  readonly facts: Readonly<Record<string, Int32Array>>
  /** `all 65`, or `a sample of 20 of 65`. */
  readonly words: string
}

/**
 * Of more points than are wanted so many as a seed draws.
 * @throws LamellaError `invalid-argument` of less than three, `unsupported` where numbers are not finite
 */
export function drawnPoints(
  { unit, seed, set }: PointParams,
  points: Points,
  most: number
): DrawnPoints {
  const { width, labels, facts } = points
  const rows = sampledRows(points, most, seed)
  if (rows.length < 3)
    throw new LamellaError(
      'invalid-argument',
      `${set}: ${rows.length} points are too few to be laid out`,
      'Three are the least.'
    )
  const raw = new Float32Array(rows.length * width)
  rows.forEach((row, i) => raw.set(points.data.subarray(row * width, (row + 1) * width), i * width))
  const norms = rowNorms({ rows: rows.length, width, data: raw })
  const data = unit ? raw.map((value, i) => value / (norms[Math.floor(i / width)]! || 1)) : raw
  if (!data.every(Number.isFinite))
    throw new LamellaError(
      'unsupported',
      `${set}: some of its numbers are NaN or infinite, and have no place`,
      'value-check tells which weights are not finite.'
    )
  return {
    ...{ rows, data, norms },
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, values]) => [
        name,
        Int32Array.from(rows, row => values[row]!)
      ])
    ),
    words:
      rows.length < labels.length
        ? `a sample of ${rows.length} of ${labels.length}`
        : `all ${labels.length}`
  }
}

/** Of tokens at each layer the same tokens at all, so that each can be followed. */
function sampledRows({ labels, followed }: Points, most: number, seed: number): number[] {
  const each = labels.length / followed
  const some = sampled(each, Math.max(3, Math.floor(most / followed)), seed)
  return Array.from({ length: followed }, (_, layer) => some.map(at => layer * each + at)).flat()
}

type Come = Parameters<typeof collectedPoints>[3]

function ofWeights(params: PointParams, model: ModelFacts, come: Come): Accumulator {
  const weights = collectedWeights(model)
  return {
    begin: () => undefined,
    take: weights.take,
    result(report) {
      const set = weightPoints(params.set as 'input', params.layers, model)
      const matrices = set.weights.map(wanted => {
        const { rows, width, data } = weights.of(wanted)
        const isWhole = set.each === 'whole'
        return {
          wanted,
          data,
          rows: isWhole ? 1 : rows,
          width: isWhole ? rows * width : width
        }
      })
      const data = new Float32Array(matrices.reduce((sum, own) => sum + own.data.length, 0))
      const labels: string[] = []
      const index: number[] = []
      const layer: number[] = []
      let at = 0
      for (const { wanted, rows, data: own } of matrices) {
        data.set(own, at)
        at += own.length
        for (let row = 0; row < rows; row++) {
          labels.push(set.label(wanted, row))
          index.push(wanted.head ?? row)
          if (wanted.layer !== null) layer.push(wanted.layer)
        }
      }
      const { width } = matrices[0]!
      const points: Points = {
        ...{ data, width, labels, attributes: {}, followed: 1 },
        facts: {
          index: Int32Array.from(index),
          ...(layer.length > 0 && { layer: Int32Array.from(layer) })
        }
      }
      return come(points, report)
    },
    state: () => ({})
  }
}

interface HeldTexts extends State {
  windows: number
  width: number
  held: number
  left: number
  readonly vectors: Float32Array[]
  readonly labels: string[]
  readonly window: number[]
  readonly index: number[]
  readonly token: number[]
  /** 0 of what enters the first block. */
  readonly place: number[]
}

/** @param layers that each text or token is held at */
function ofTexts(
  params: PointParams,
  layers: number,
  state: State | null,
  come: Come
): Accumulator {
  const all: HeldTexts = (state as HeldTexts | null) ?? {
    ...{ windows: 0, width: 0, held: 0, left: 0 },
    ...{ vectors: [], labels: [], window: [], index: [], token: [], place: [] }
  }
  const isTokens = isOfTokens(params.set)
  let ids = new Int32Array(0)
  let texts: readonly (string | null)[] | null = null
  let label = ''
  /** Vectors of the present window that there is room for, at all layers; null until it is known how wide they are. */
  let fitting: number | null = null

  function add(vector: Float32Array, text: string, index: number, id: number, place: number): void {
    all.held += vector.length
    all.vectors.push(vector)
    all.labels.push(text)
    all.window.push(all.windows - 1)
    all.index.push(index)
    all.token.push(id)
    all.place.push(place)
  }

  return {
    begin(window) {
      ids = window.ids.slice()
      ;({ texts, label } = window)
      all.windows++
      fitting = null
    },
    take(taken) {
      if (taken.kind !== 'hook') return
      const { data } = taken
      const place = placeOfHook(taken.hook)!
      const width = data.length / ids.length
      all.width = width
      if (fitting === null) {
        const wanted = isTokens ? ids.length : 1
        fitting = Math.min(wanted, Math.floor((mostHeld - all.held) / (width * layers)))
        all.left += wanted - fitting
      }
      if (isTokens)
        for (const [pos, id] of ids.subarray(0, fitting).entries()) {
          const own = data.slice(pos * width, (pos + 1) * width)
          add(own, texts?.[pos] ?? `#${id}`, pos, id, place)
        }
      else if (fitting === 1) {
        const vector = sentenceVector(data, ids.length, params.sentence)
        add(Float32Array.from(vector), beginningOf(texts) ?? label, all.windows - 1, -1, place)
      }
    },
    result(report) {
      // Layers come as they are computed, windows one after the other.
      const order = [...all.place.keys()].sort((a, b) => all.place[a]! - all.place[b]! || a - b)
      const data = new Float32Array(all.vectors.length * all.width)
      order.forEach((at, row) => data.set(all.vectors[at]!, row * all.width))
      const ordered = (values: readonly number[]) => Int32Array.from(order, at => values[at]!)
      const points: Points = {
        ...{ data, width: all.width, labels: order.map(at => all.labels[at]!) },
        followed: layers,
        facts: {
          index: ordered(all.index),
          ...(isTokens && { window: ordered(all.window), token: ordered(all.token) }),
          ...(params.set === 'token-layers' && { layer: ordered(all.place).map(at => at - 1) })
        },
        attributes:
          all.left === 0 ? {} : { not_held: `${all.left} more, for which there is no room` }
      }
      return come(points, report)
    },
    state: () => all
  }
}

/** Characters of a text that it is called by. */
const mostOfText = 80

/** How a text begins; null where nothing tells. */
function beginningOf(texts: readonly (string | null)[] | null): string | null {
  if (texts === null) return null
  let begun = ''
  for (const text of texts) {
    begun += text ?? ''
    if (begun.length > mostOfText) break
  }
  const letters = lettersOf(begun.trim())
  if (letters.length === 0) return null
  return letters.length > mostOfText
    ? `${letters.slice(0, mostOfText - 1).join('')}…`
    : begun.trim()
}

/** All, or so many that a seed draws, in order. */
export function sampled(total: number, most: number, seed: number): number[] {
  const all = [...Array(total).keys()]
  if (total <= most) return all
  const next = generator(seed)
  for (let i = 0; i < most; i++) {
    const other = i + Math.floor(next() * (total - i))
    ;[all[i], all[other]] = [all[other]!, all[i]!]
  }
  return all.slice(0, most).sort((a, b) => a - b)
}
