import { tokensOfResult } from '../../analysis/described-tokens.ts'
import {
  isSigned,
  methodValues,
  numberParams,
  saliencyMethodWords,
  type AskedNumber,
  type SaliencyMethod
} from '../../analysis/saliency/saliency-methods.ts'
import { largest } from '../../analysis/softmax.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { dataset, shapeOf, variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { targetOfText } from '../../model/target-text.ts'
import { idToken, type Token } from '../../model/token.ts'
import type { Visibility } from '../../model/visibility.ts'
import { quotedToken } from '../../text/token-text.ts'
import { writtenTokens, type WrittenToken } from '../../text/written-tokens.ts'
import { attentionMap, type AttentionMapData } from '../attention-map.ts'
import { headMap, type HeadMapData } from '../head-map.ts'
import { rangeOf } from '../heat-map-pixels.ts'
import type { CommandParams, Provenance } from '../provenance.ts'
import { tokenBars, type TokenBarsData } from '../token-bars.ts'
import type { ValueRange } from '../value-scale.ts'
import type { ViewFigure, ViewText } from './figure-view.ts'
import { hidingOrigin, tokensRead, type HidingRun } from './hidden-tokens.ts'
import type { PatternData } from './pattern-figure.ts'

/** By what heads are shown. */
export const headMeasures = ['attention_x_gradient', 'head_x_gradient'] as const
export type HeadMeasure = (typeof headMeasures)[number]
export const headMeasureWords: Readonly<Record<HeadMeasure, string>> = {
  attention_x_gradient: 'attention × gradient',
  head_x_gradient: 'output × gradient'
}

/** What a number of a run was found to depend on. */
export interface FiguredSaliency extends AskedNumber, HidingRun {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint' | 'ofText'> & {
    readonly visibility: readonly Visibility[] | null
  }
  readonly result: Dataset
  /** The number in words. */
  readonly what: string
  readonly mirrored: boolean
  /** What else makes it again. */
  readonly params: Readonly<Record<string, string | number>>
}

/** A number that is explained, in words. */
export function scalarText(
  { of, masked }: AskedNumber,
  tokenOf: (id: number) => Token | undefined,
  model: Predicting
): string {
  const target = targetOfText(of)
  if (target.kind === 'loss') return masked === null ? 'loss of the text' : 'loss of what is hidden'
  const { kind, position, token } = target
  const quoted = (id: number) => quotedToken(tokenOf(id) ?? idToken(id))
  const what =
    kind === 'difference'
      ? `logit of ${quoted(token)} less that of ${quoted(target.other)}`
      : `${kind} of ${quoted(token)}`
  return `${what} ${askedAtText(model, position)}`
}

/** What of a model says where its numbers are of. */
type Predicting = Pick<ModelInfo, 'predicts' | 'ofText'>

/** Where a number is asked: the next token after a position, others at it, or nowhere, of the text as a whole. */
export function askedAtText({ predicts, ofText }: Predicting, position: number): string {
  if (ofText) return 'of the text'
  return `${predicts === 'next' ? 'after' : 'at'} ${position}`
}

/** A bar for each token. */
export function saliencyBarsFigure(
  figured: FiguredSaliency,
  method: SaliencyMethod,
  version: string
): ViewFigure<TokenBarsData, Provenance> {
  const { run, result, what, mirrored } = figured
  const values = methodValues(result, method)
  const extent = extentOf(values)
  const high = Math.max(extent.high, -extent.low) || 1
  const data = titled(figured, {
    ...{ tokens: writtenTokens(run), values, high, low: extent.low < 0 ? -high : 0, mirrored },
    ...{ unit: methodUnit(method, what), ranks: null, scrolled: null, marked: [] }
  })
  const named = saliencyNamed(
    figured,
    method,
    saliencyMethodWords[method],
    { form: 'bars', method, mirrored },
    version
  )
  return { ...named, kind: tokenBars, data }
}

/**
 * The text, its tokens shaded by what each gives, drawn of once it has flowed.
 * @param drawn how, by the names of params
 */
export function saliencyTextFigure(
  figured: FiguredSaliency,
  method: SaliencyMethod,
  version: string,
  drawn: CommandParams = {}
): ViewText<Provenance> {
  const { run, result, what, of, model, mirrored } = figured
  const weights = Float32Array.from(methodValues(result, method))
  const target = targetOfText(of)
  const unit = methodUnit(method, what)
  const set = { form: 'text', method, mirrored, ...drawn }
  return {
    ...saliencyNamed(figured, method, saliencyMethodWords[method], set, version),
    what: 'saliency · text',
    data: flowing =>
      titled(figured, {
        quantity: isSigned(method) ? 'difference' : 'weight',
        ...{ note: unit, unit, ranks: null, weights },
        // No token has the last number: none is framed.
        own: target.kind === 'loss' || model.ofText ? run.tokens.length : target.position,
        ...flowing
      })
  }
}

export function methodUnit(method: SaliencyMethod, what: string): string {
  return `${saliencyMethodWords[method]}, ${what}`
}

/** What each head gives the number, by its gradient. */
export function saliencyHeads(result: Dataset, measure: HeadMeasure): Omit<HeadMapData, 'title'> {
  const own = variable(result, measure)
  const [layers = 0, heads = 1] = shapeOf(result, own)
  return {
    ...{ name: headMeasureWords[measure], quantity: 'difference', heads },
    layers: Array.from({ length: layers }, (_, layer) => layer),
    values: [...own.data]
  }
}

export function saliencyHeadsFigure(
  figured: FiguredSaliency,
  measure: HeadMeasure,
  version: string
): ViewFigure<HeadMapData, Provenance> {
  const data = titled(figured, saliencyHeads(figured.result, measure))
  const set = { form: 'heads', measure }
  const named = saliencyNamed(figured, measure, headMeasureWords[measure], set, version)
  return { ...named, kind: headMap, data }
}

/**
 * Attention × gradient of one head, as it is drawn.
 * @param pattern what the head attends to, [query, key]
 * @returns null where the result holds no gradients of patterns
 */
export function attentionGradientData(
  figured: FiguredSaliency,
  { layer, head }: { readonly layer: number; readonly head: number },
  pattern: Float32Array
): PatternData | null {
  const { result, model, mirrored } = figured
  const gradients = result.variables['pattern_grad']
  if (gradients === undefined) return null
  const [, heads = 1] = shapeOf(result, gradients)
  const start = (layer * heads + head) * pattern.length
  return {
    title: null,
    pattern: pattern.map((weight, i) => weight * gradients.data[start + i]!),
    ...{ quantity: 'difference', unit: headMeasureWords.attention_x_gradient },
    names: { rows: 'query', columns: 'key, attended to' },
    tokens: writtenRead(figured),
    ...{ visibility: model.visibility?.[layer] ?? null, firstHidden: false, mirrored }
  }
}

/** @param drawn how, by the names of params */
export function attentionGradientFigure(
  figured: FiguredSaliency,
  { layer, head }: { readonly layer: number; readonly head: number },
  own: PatternData,
  version: string,
  drawn: CommandParams = {}
): ViewFigure<AttentionMapData, Provenance> {
  const data = { ...own, view: null, marked: { queries: [], keys: [] }, profiles: null }
  const how = `attention × gradient of head ${layer}.${head}`
  const set = { form: 'head', layer, head, mirrored: own.mirrored, ...drawn }
  return {
    ...saliencyNamed(figured, 'pattern_grad', how, set, version),
    kind: attentionMap,
    data: { ...data, title: `${figured.model.name} · head ${layer}.${head} · ${figured.what}` },
    dataset: () => headDataset(figured.result, { layer, head }, own.pattern)
  }
}

/** The gradient of one head's pattern, and times the pattern. */
function headDataset(
  result: Dataset,
  { layer, head }: { readonly layer: number; readonly head: number },
  product: Float32Array
): Dataset {
  const gradients = variable(result, 'pattern_grad')
  const [, heads = 1] = shapeOf(result, gradients)
  const start = (layer * heads + head) * product.length
  const { query, key } = result.axes
  const axes = ['query', 'key']
  return dataset(
    { query: query!, key: key! },
    {
      attention_x_gradient: { axes, data: product, unit: '', about: 'A ∂f/∂A of the head' },
      pattern_grad: {
        ...{ axes, unit: gradients.unit, about: gradients.about },
        data: gradients.data.slice(start, start + product.length)
      }
    },
    { ...result.attributes, head: `${layer}.${head}` }
  )
}

/** The neurons whose output times its gradient is largest, the strongest first. */
export function strongestNeurons(
  result: Dataset,
  count: number
): { readonly layer: number; readonly unit: number; readonly value: number }[] {
  const own = variable(result, 'neuron_x_gradient')
  const [, neurons = 1] = shapeOf(result, own)
  return largest(Float64Array.from(own.data, Math.abs), count).map(at => ({
    ...{ layer: Math.floor(at / neurons), unit: at % neurons },
    value: own.data[at]!
  }))
}

/** Which token a row of a map is of, in words. */
export const mapTargets = {
  top: 'most probable token',
  next: 'next token of the text',
  token: 'one token'
} as const

/** Target positions by tokens, as it is drawn. */
export function saliencyMapData(figured: FiguredSaliency, method: SaliencyMethod): PatternData {
  const { result, model, mirrored } = figured
  const { visibility } = model
  // Through layers it goes beyond windows.
  const widest = visibility?.[0] ? { ...visibility[0], reach: null } : null
  return {
    title: null,
    pattern: Float32Array.from(variable(result, 'map').data),
    quantity: isSigned(method) ? 'difference' : 'weight',
    unit: saliencyMethodWords[method],
    names: { rows: 'asked at', columns: 'depends on' },
    tokens: writtenRead(figured),
    visibility: widest,
    firstHidden: false,
    mirrored
  }
}

/** @param drawn how, by the names of params */
export function saliencyMapFigure(
  figured: FiguredSaliency,
  method: SaliencyMethod,
  version: string,
  drawn: CommandParams = {}
): ViewFigure<AttentionMapData, Provenance> {
  const data = {
    ...saliencyMapData(figured, method),
    ...{ view: null, marked: { queries: [], keys: [] }, profiles: null }
  }
  const set = { form: 'map', method, mirrored: figured.mirrored, ...drawn }
  const how = `${saliencyMethodWords[method]} map`
  const named = saliencyNamed(figured, 'map', how, set, version)
  return { ...named, kind: attentionMap, data: titled(figured, data) }
}

/** The range of a map, as far to either side of 0 as the strongest where there are sides. */
export function saliencyRange(values: ArrayLike<number>, method: SaliencyMethod): ValueRange {
  return rangeOf(extentOf(values), isSigned(method) ? 'difference' : 'weight')
}

/** From the lowest to the highest, 0 among them. */
export function extentOf(values: ArrayLike<number>): ValueRange {
  let [low, high] = [0, 0]
  for (const value of Array.from(values)) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high }
}

/** Which number the rows of a map are of, in words. */
export function mapText(result: Dataset, of: string): string {
  const [kind, rows] = of.split(':') as [string, string]
  const whose = { top: 'the most probable token', next: 'the next token' }[rows]
  return `every position, ${kind} of ${whose ?? mapRowText(result, 0)}`
}

/** Whose number a row is, in words; null where there is none. */
export function mapRowText(result: Dataset, query: number): string | null {
  const id = variable(result, 'token').data[query]!
  if (id < 0) return null
  return quotedToken(tokensOfResult(result).get(id) ?? idToken(id))
}

function titled<D>({ model, what }: FiguredSaliency, data: D) {
  return { ...data, title: `${model.name} · ${what}` }
}

/** The tokens that a map is of, which are those that the model sees. */
function writtenRead(figured: FiguredSaliency): WrittenToken[] {
  const { source } = figured.run
  return writtenTokens({ source, tokens: tokensRead(figured) })
}

/** @param drawn the variable that the figure draws */
function saliencyNamed(
  figured: FiguredSaliency,
  drawn: string,
  how: string,
  set: CommandParams,
  version: string
) {
  const { model, result, of, masked, what, params } = figured
  const origin = hidingOrigin(model, figured, `${how}: ${what}`)
  const from: Provenance = {
    ...{ version, of: origin, less: null, precision: 'float32' },
    again: { view: 'saliency', params: { ...numberParams({ of, masked }), ...set, ...params } }
  }
  return { what: `saliency · ${how}`, from, dataset: () => withDrawn(result, [drawn]) }
}
