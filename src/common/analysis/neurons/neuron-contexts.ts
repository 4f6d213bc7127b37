import { scoreBins, type ScoreBin } from '../head-contexts/score-bins.ts'
import { addScore, drawnOrder, scoreCells, type ScoreCell } from '../head-contexts/score-cells.ts'
import type { Window } from '../analysis.ts'

/** A token with the text around, and what a neuron is at each of these tokens. */
export interface NeuronContext {
  readonly window: number
  /** Of its window. */
  readonly label: string
  readonly pos: number
  /** The first token that is shown. */
  readonly start: number
  readonly ids: Int32Array
  readonly values: Float32Array
  readonly value: number
}

/** What one neuron is over all tokens: counted in cells, with some tokens of each, and the tokens where it is highest. */
export interface NeuronSample {
  readonly cells: ScoreCell<NeuronContext>[]
  /** Highest first. */
  readonly top: NeuronContext[]
}

export interface Sampling {
  readonly seed: number
  /** Contexts of each bin. */
  readonly most: number
  /** Of the highest. */
  readonly top: number
  /** Tokens before and after. */
  readonly around: number
}

/** Where values of either sign lie between −10⁴ and 10⁴: by the logarithm of 1 + |value| / 0.001. */
export const signedScale = {
  place: (value: number) =>
    0.5 + (0.5 * Math.sign(value) * Math.log1p(Math.abs(value) / unit)) / furthest,
  value: (place: number) => {
    const side = 2 * place - 1
    return Math.sign(side) * unit * Math.expm1(Math.abs(side) * furthest)
  }
}
const unit = 1e-3
const furthest = Math.log1p(1e4 / unit)

export function noSample(): NeuronSample {
  return { cells: scoreCells<NeuronContext>(), top: [] }
}

/**
 * Adds the tokens of a window.
 * @param values [pos], of the neuron
 * @param number of the window
 */
export function addValues(
  { cells, top }: NeuronSample,
  values: Float32Array,
  { ids, label }: Window,
  number: number,
  sampling: Sampling
): void {
  const { seed, most, around } = sampling
  values.forEach((value, pos) => {
    // NaN lies nowhere.
    if (Number.isNaN(value)) return
    const item = (): NeuronContext => {
      const start = Math.max(0, pos - around)
      const end = pos + around + 1
      return {
        ...{ window: number, label, pos, start, value },
        ids: ids.slice(start, end),
        values: values.slice(start, end)
      }
    }
    const order = drawnOrder(seed, number, pos)
    const place = Math.min(1, Math.max(0, signedScale.place(value)))
    addScore(cells, { place, score: value, order }, most, item)
    if (top.length === sampling.top && value <= top.at(-1)!.value) return
    const at = top.findIndex(other => value > other.value)
    top.splice(at < 0 ? top.length : at, 0, item())
    top.length = Math.min(top.length, sampling.top)
  })
}

/** The range in parts of equal width, with tokens drawn from each. */
export function valueBins(
  { cells }: NeuronSample,
  bins: number,
  most: number
): ScoreBin<NeuronContext>[] {
  return scoreBins(cells, bins, 'range', most)
}
