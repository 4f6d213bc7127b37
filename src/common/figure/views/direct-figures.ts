import { tokensOfResult } from '../../analysis/described-tokens.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { shapeOf, variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { withExpert } from '../../model/mlp-facts.ts'
import { idToken } from '../../model/token.ts'
import { quotedToken } from '../../text/token-text.ts'
import { writtenTokens } from '../../text/written-tokens.ts'
import { headMap, type HeadMapData } from '../head-map.ts'
import { rangeOf } from '../heat-map-pixels.ts'
import type { CommandParams, Provenance } from '../provenance.ts'
import { signedBars, type SignedBarsData } from '../signed-bars.ts'
import { tokenBars, type TokenBarsData } from '../token-bars.ts'
import type { ViewFigure, ViewText } from './figure-view.ts'
import { runOrigin } from './origin.ts'
import { askedAtText } from './saliency-figures.ts'

/** What of a logit is shown: its parts layer by layer, each head, the strongest neurons, or what heads give by the tokens they read, as bars or over the text. */
export const directForms = ['sum', 'heads', 'neurons', 'tokens', 'text'] as const
export type DirectForm = (typeof directForms)[number]

/** A logit of a run that was taken apart. */
export interface FiguredDirect {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint' | 'mlps' | 'predicts' | 'ofText'>
  readonly run: Pick<Run, 'source' | 'tokens'>
  /** Of `direct-logit-attribution`, of one target and by token. */
  readonly result: Dataset
  /** Whether the sum goes on to the logarithm of the probability. */
  readonly log: boolean
}

/** A part of a logit, and what of the model it is. */
export interface DirectBar {
  readonly label: string
  readonly value: number
  /** Where it is seen; null of what is of no place. */
  readonly of:
    | { readonly kind: 'embedding' | 'positions' }
    | { readonly kind: 'attention' | 'MLP'; readonly layer: number }
    | { readonly kind: 'neuron'; readonly layer: number; readonly index: number }
    | null
  readonly isSum: boolean
}

const numbers = (result: Dataset, name: string) => variable(result, `dla.${name}`).data

/** What a logit is the sum of, from the embedding to the last layer, and the sum; all of it in the order of the model. */
export function directSum({ result, log }: Pick<FiguredDirect, 'result' | 'log'>): DirectBar[] {
  const of = (name: string) => numbers(result, name)[0]!
  const bar = (label: string, value: number, of: DirectBar['of'] = null): DirectBar => ({
    ...{ label, value, of, isSum: false }
  })
  const [attention, mlp] = [numbers(result, 'attn'), numbers(result, 'mlp')]
  const hasPositions = of('pos_embed') !== 0
  const logit = of('logit')
  const rest = of('rest')
  const asked = directText(result)
  const layers = Array.from(attention, (own, layer) => [
    bar(`attention ${layer}`, own, { kind: 'attention', layer }),
    bar(`MLP ${layer}`, mlp[layer]!, { kind: 'MLP', layer })
  ])
  return [
    bar('embedding', of('embed'), { kind: 'embedding' }),
    ...(hasPositions ? [bar('positions', of('pos_embed'), { kind: 'positions' })] : []),
    // Of a block without one there is no such part.
    ...layers.flat().filter(({ value }) => value !== 0),
    ...[
      bar('shifts of norms', of('ln_bias')),
      bar('bias of the unembedding', of('unembed_bias'))
      // Less is rounding.
    ].filter(({ value }) => Math.abs(value) > 1e-6 * Math.max(1, Math.abs(logit))),
    ...(Math.abs(rest) > 1e-3 * Math.max(1, Math.abs(logit)) ? [bar('rounding, edits', rest)] : []),
    { ...bar(log ? `logit of ${asked}` : asked, logit), isSum: true },
    ...(log
      ? [
          bar('normaliser, −ln Σ exp', -of('normaliser')),
          { ...bar(`ln p of ${asked}`, of('log_probability')), isSum: true }
        ]
      : [])
  ]
}

/** Of each form the variables of `direct-logit-attribution` that it draws. */
const drawnIn: Readonly<Record<DirectForm, readonly string[]>> = {
  sum: ['embed', 'pos_embed', 'attn', 'mlp', 'ln_bias', 'unembed_bias', 'rest', 'logit'],
  heads: ['head'],
  neurons: ['top_neuron.layer', 'top_neuron.unit', 'top_neuron.value'],
  tokens: ['source'],
  text: ['source']
}

/** What of a probability stands beside that. */
const drawnOfLog = ['normaliser', 'log_probability']

/** The numbers of a logit that was taken apart, of which a form is drawn. */
function directNumbers({ result, log }: FiguredDirect, form: DirectForm): Dataset {
  const drawn = [...drawnIn[form], ...(form === 'sum' && log ? drawnOfLog : [])]
  return withDrawn(
    result,
    drawn.map(name => `dla.${name}`)
  )
}

/** What each head gives directly. */
export function directHeads(result: Dataset): Omit<HeadMapData, 'title'> {
  const head = variable(result, 'dla.head')
  const [, layers = 0, heads = 1] = shapeOf(result, head)
  return {
    ...{ name: 'direct effect, logits', quantity: 'difference', heads },
    layers: Array.from({ length: layers }, (_, layer) => layer),
    values: [...head.data]
  }
}

/** The neurons that give most, of either sign, with the expert that each is of. */
export function directNeurons({
  model,
  result
}: Pick<FiguredDirect, 'result'> & {
  readonly model: Pick<ModelInfo, 'mlps'>
}): DirectBar[] {
  const [layers, units] = [numbers(result, 'top_neuron.layer'), numbers(result, 'top_neuron.unit')]
  return Array.from(numbers(result, 'top_neuron.value'), (value, rank) => {
    const [layer, index] = [layers[rank]!, units[rank]!]
    const of = { kind: 'neuron', layer, index } as const
    const label = withExpert(`neuron ${layer}.${index}`, model.mlps?.[layer], index)
    return { label, value, of, isSum: false }
  })
}

/**
 * What heads give by each token that they read.
 * @param head of one head alone; null of all
 * @returns [pos]
 */
export function directTokens(
  result: Dataset,
  head: { readonly layer: number; readonly head: number } | null
): Float64Array {
  const source = variable(result, 'dla.source')
  const [, layers = 0, heads = 1, keys = 0] = shapeOf(result, source)
  const given = new Float64Array(keys)
  for (let row = 0; row < layers * heads; row++) {
    if (head !== null && row !== head.layer * heads + head.head) continue
    for (let key = 0; key < keys; key++) given[key]! += source.data[row * keys + key]!
  }
  return given
}

/** Which token, or `“ a” less “ the”`. */
export function directText(result: Dataset): string {
  const known = tokensOfResult(result)
  const name = (id: number) => quotedToken(known.get(id) ?? idToken(id))
  const [token, other] = [numbers(result, 'token')[0]!, numbers(result, 'other')[0]!]
  return other < 0 ? name(token) : `${name(token)} less ${name(other)}`
}

export function barsOf(
  parts: readonly DirectBar[],
  unit = 'logits'
): Omit<SignedBarsData, 'title'> {
  const bars = parts.map(({ label, value, isSum }) => ({ label, value, isSum, spread: null }))
  return { name: unit, bars }
}

/** A form of it as a figure. */
export function directFigure(
  direct: FiguredDirect,
  form: 'sum' | 'neurons',
  version: string
): ViewFigure<SignedBarsData, Provenance> {
  const parts = form === 'sum' ? directSum(direct) : directNeurons(direct)
  const unit = form === 'sum' && direct.log ? 'nats' : 'logits'
  return {
    ...named(direct, form, version),
    kind: signedBars,
    data: titled(direct, barsOf(parts, unit))
  }
}

export function directHeadsFigure(
  direct: FiguredDirect,
  version: string
): ViewFigure<HeadMapData, Provenance> {
  const data = titled(direct, directHeads(direct.result))
  return { ...named(direct, 'heads', version), kind: headMap, data }
}

/** @param head of one head alone; null of all */
export function directTokensFigure(
  direct: FiguredDirect,
  head: { readonly layer: number; readonly head: number } | null,
  mirrored: boolean,
  version: string
): ViewFigure<TokenBarsData, Provenance> {
  const values = directTokens(direct.result, head)
  const { low, high } = rangeOf(
    { low: Math.min(...values), high: Math.max(...values) },
    'difference'
  )
  const data: TokenBarsData = titled(direct, {
    ...{ tokens: writtenTokens(direct.run), values, low, high, mirrored },
    ...{ unit: tokensUnit(head), ranks: null, scrolled: null, marked: [] }
  })
  return { ...named(direct, 'tokens', version, { ...head, mirrored }), kind: tokenBars, data }
}

/**
 * The text, its tokens shaded by what heads give by reading them, drawn of once it has flowed.
 * @param drawn how, by the names of params
 */
export function directTextFigure(
  direct: FiguredDirect,
  head: { readonly layer: number; readonly head: number } | null,
  version: string,
  drawn: CommandParams = {}
): ViewText<Provenance> {
  const { model, run, result } = direct
  const weights = Float32Array.from(directTokens(result, head))
  const unit = tokensUnit(head)
  return {
    ...named(direct, 'text', version, { ...head, ...drawn }),
    data: flowing =>
      titled(direct, {
        quantity: 'difference' as const,
        ...{ note: unit, unit, ranks: null, weights },
        // No token has the last number: none is framed.
        own: model.ofText ? run.tokens.length : positionOf(result),
        ...flowing
      })
  }
}

/** Where the logit is asked for. */
function positionOf({ axes }: Dataset): number {
  return parseInt(axes['target']!.labels![0]!)
}

export function tokensUnit(head: { readonly layer: number; readonly head: number } | null): string {
  return `given by reading it, ${head === null ? 'all heads' : `head ${head.layer}.${head.head}`}, logits`
}

function titled<D>({ model, result }: FiguredDirect, data: D) {
  return { ...data, title: `${model.name} · direct effects on ${directText(result)}` }
}

function named(
  direct: FiguredDirect,
  form: DirectForm,
  version: string,
  drawn: CommandParams = {}
) {
  const { model, run, result, log } = direct
  const at = result.axes['target']!.labels![0]!
  const by = form === 'sum' ? 'as a sum' : `by ${form === 'text' ? 'tokens' : form}`
  const place = `Direct logit attribution of ${directText(result)} ${askedAtText(model, positionOf(result))}, ${by}`
  const params = { at, form, ...(log && { log }), ...drawn }
  const from: Provenance = {
    ...{ version, of: runOrigin(model, run, place), less: null, precision: 'float32' },
    again: { view: 'direct-logit-attribution', params }
  }
  return { what: `direct effects · ${form}`, from, dataset: () => directNumbers(direct, form) }
}
