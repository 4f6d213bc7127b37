import { z } from 'zod'
import type { ModelInfo } from '../../contract/schemas.ts'
import { variable, type Dataset } from '../../data/dataset.ts'
import { rankName } from '../../text/rank-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { rangeTo } from '../heat-map-pixels.ts'
import type { Look } from '../look.ts'
import type { FigureOrigin } from '../provenance.ts'
import { rankShade } from '../rank-scale.ts'
import { tokenBars, type TokenBarsData } from '../token-bars.ts'
import type { ValueRange } from '../value-scale.ts'
import type { ViewFigure, ViewText } from './figure-view.ts'
import { hidingOrigin, withHidden, type HidingRun } from './hidden-tokens.ts'

/** What tokens are shaded by. */
export const shades = ['surprisal', 'entropy', 'rank', 'probability'] as const
export const Shade = z.enum(shades)
export type Shade = z.output<typeof Shade>

/** How the tokens of a text are shaded. */
export interface Shading {
  /** What is told of each token; NaN where nothing is. [pos] */
  readonly values: Float64Array
  /** What its colour is reckoned from: the same, of ranks their place. */
  readonly weights: Float32Array
  readonly unit: string
  /** Values are ranks among so many; null of all else. */
  readonly ranks: number | null
  readonly extent: ValueRange
}

const shadeUnits: Readonly<Record<Shade, string>> = {
  surprisal: 'surprisal, nats',
  entropy: 'entropy, nats',
  rank: rankName(),
  probability: 'probability'
}

/**
 * @param result of `token-probabilities`
 * @param dVocab how many tokens there are to choose from
 */
export function shadingOf(result: Dataset, shade: Shade, dVocab: number): Shading {
  const values = Float64Array.from(variable(result, shade).data)
  const ranks = shade === 'rank' ? Math.max(2, dVocab) : null
  // The first rank is no surprise: it has the colour of the page.
  const weights = Float32Array.from(values, value =>
    ranks === null ? value : 1 - rankShade(value, ranks)
  )
  const high = values.reduce((most, value) => (value > most ? value : most), 0)
  return { values, weights, unit: shadeUnits[shade], ranks, extent: { low: 0, high } }
}

/**
 * The look of a shading.
 * @param extent of the values, or of those of two that are compared
 */
export function shadingLook(
  look: Omit<Look, 'range'>,
  shade: Shade,
  extent: ValueRange,
  dVocab: number
): Look {
  if (shade === 'rank') return { ...look, scale: 'linear', range: rangeTo(1, 'weight') }
  const whole = { surprisal: null, entropy: Math.log(dVocab), probability: 1 }[shade]
  const follows = look.follows || whole === null
  const own = extent.high > 0 ? extent.high : 1
  const high = follows ? own : (whole ?? own)
  return {
    ...{ ...look, follows },
    scale: shade === 'probability' ? look.scale : 'linear',
    range: rangeTo(high, 'weight')
  }
}

/** Predictions of a text's tokens, and what is shown of them. */
export interface FiguredPredictions extends HidingRun {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly shading: Shading
  readonly shade: Shade
  /** The token that is selected. */
  readonly own: number | null
  readonly mirrored: boolean
}

/** Where predictions come from. */
export function predictionsOrigin(whole: FiguredPredictions, version: string): FigureOrigin {
  const of = hidingOrigin(whole.model, whole, 'Predictions of each token')
  return { version, of, less: null, precision: 'float32' }
}

/** A bar for each token. @param high the highest value that there is room for */
export function predictionBarsFigure(
  whole: FiguredPredictions,
  high: number,
  standings: Dataset,
  version: string
): ViewFigure<TokenBarsData> {
  const { model, run, shading, shade, own, mirrored } = whole
  const tokens = writtenTokens(run)
  const { values, unit, ranks } = shading
  return {
    what: `${shade} of tokens · bars`,
    kind: tokenBars,
    data: {
      title: `${model.name} · ${shade} of tokens`,
      ...{ tokens, values, unit, ranks, mirrored, high, low: 0, scrolled: null },
      marked: own === null ? [] : [own]
    },
    from: predictionsOrigin(whole, version),
    dataset: () => standings
  }
}

/** A text shaded by how its tokens are predicted, drawn of once it has flowed. */
export function predictionsTextFigure(
  whole: FiguredPredictions,
  version: string
): Omit<ViewText, 'dataset'> {
  const { model, run, shading, shade, own } = whole
  const { unit, ranks, weights } = shading
  return {
    ...{ what: `${shade} of tokens`, from: predictionsOrigin(whole, version) },
    data: flowing => ({
      quantity: 'weight',
      ...{ title: `${model.name} · ${shade} of tokens`, note: withHidden(unit, whole) },
      ...{ unit, ranks, weights },
      // No token has this number: none is framed.
      own: own ?? run.tokens.length,
      ...flowing
    })
  }
}
