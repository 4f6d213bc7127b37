import { z } from 'zod'
import { tokensOfResult } from '../../analysis/described-tokens.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import {
  axis,
  dataset,
  shapeOf,
  variable,
  type Dataset,
  type NumberArray
} from '../../data/dataset.ts'
import { largestMagnitude } from '../../data/largest-magnitude.ts'
import { withExpert } from '../../model/mlp-facts.ts'
import { isolated, quotedToken } from '../../text/token-text.ts'
import { visibleText } from '../../text/visible-text.ts'
import { headMap, type HeadMapData } from '../head-map.ts'
import type { CommandParams, Provenance } from '../provenance.ts'
import { signedBars, type SignedBarsData } from '../signed-bars.ts'
import type { ValueRange } from '../value-scale.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin, type RunRead } from './origin.ts'
import { whyPartsDataset } from './why-parts.ts'

/** What `why` came to, and of what. */
export interface FiguredWhy {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint' | 'mlps'>
  readonly run: RunRead
  readonly result: Dataset
  /** Over which prompts; null of the run's own text. */
  readonly over: string | null
  /** Where it was asked, and of which tokens: `7:12-5`, or `last:12-5`, or one for each prompt with commas. */
  readonly at: string
  /** What makes it again, beside what each figure adds. */
  readonly params: CommandParams
}

/** What the difference is the sum of. */
export function whySumFigure(
  why: FiguredWhy,
  version: string
): ViewFigure<SignedBarsData, Provenance> {
  const sum = whySum(why.result)
  return {
    ...figureOf(why, 'sum', 'sum', version),
    kind: signedBars,
    data: titled(why, sum),
    dataset: () => sumDataset(sum, why.result)
  }
}

/** The terms of the difference, and last all of it. */
function sumDataset({ bars }: Omit<SignedBarsData, 'title'>, { attributes }: Dataset): Dataset {
  const all = (of: (bar: SignedBarsData['bars'][number]) => number) => Float64Array.from(bars, of)
  const give = (about: string, data: Float64Array) => ({
    ...{ axes: ['term'], data, unit: 'logits' },
    about
  })
  return dataset(
    { term: axis(bars.map(({ label }) => label)) },
    {
      sum: give(
        'what each kind of part gives the difference; last the difference',
        all(({ value }) => value)
      ),
      ...(bars.some(({ spread }) => spread !== null) && {
        sum_sd: give(
          'its spread over prompts',
          all(({ spread }) => spread ?? NaN)
        )
      })
    },
    attributes
  )
}

/** What the strongest parts give directly. */
export function whyPartsFigure(
  why: FiguredWhy,
  version: string
): ViewFigure<SignedBarsData, Provenance> {
  const { model, result } = why
  const spread = result.variables['part.direct_sd']?.data
  const [direct, kind, layer, index] = ['direct', 'kind', 'layer', 'index'].map(
    name => variable(result, `part.${name}`).data
  ) as [NumberArray, NumberArray, NumberArray, NumberArray]
  const named = (name: string, i: number) =>
    kind[i] === 2 ? withExpert(name, model.mlps?.[layer[i]!], index[i]!) : name
  const bars = {
    name: 'direct effect, logits',
    bars: result.axes['part']!.labels!.map((label, i) => ({
      ...{ label: named(label, i), value: direct[i]!, spread: spread?.[i] ?? null, isSum: false }
    }))
  }
  const data = titled(why, bars)
  return { ...figureOf(why, 'strongest parts', 'parts', version), kind: signedBars, data }
}

/** Prompts that are drawn at most. */
const mostPrompts = 40

/** The difference of each prompt, the highest on top, and their mean; null of one alone. */
export function whyPrompts(result: Dataset): (Omit<SignedBarsData, 'title'> & Left) | null {
  const own = result.variables['prompt.difference']?.data
  if (own === undefined) return null
  const ends = z.array(z.string()).safeParse(result.attributes['prompt_ends']).data
  const all = Array.from(own, (value, i) => {
    const end = ends?.[i]
    const label = end === undefined ? `prompt ${i}` : `${i} ${quoted(end)}`
    return { label, value, spread: null, isSum: false }
  }).sort((a, b) => b.value - a.value)
  const half = mostPrompts / 2
  const shown = all.length <= mostPrompts ? all : [...all.slice(0, half), ...all.slice(-half)]
  const [mean, sd] = ['difference', 'difference_sd'].map(name => variable(result, name).data[0]!)
  const left = all.length - shown.length
  const which =
    left === 0 ? '' : `, the ${half} highest and the ${half} lowest of ${all.length} prompts`
  return {
    name: `${askedText(result)}, logits${which}`,
    bars: [...shown, { label: 'mean', value: mean!, spread: sd!, isSum: true }],
    left
  }
}

interface Left {
  /** So many are not drawn. */
  readonly left: number
}

function quoted(text: string): string {
  return `“${isolated(visibleText(text.replace(/\s+/g, ' ').trim()))}”`
}

/** The difference of each prompt; null of one alone. */
export function whyPromptsFigure(
  why: FiguredWhy,
  version: string
): ViewFigure<SignedBarsData, Provenance> | null {
  const { result } = why
  const prompts = whyPrompts(result)
  if (prompts === null) return null
  const { name, bars } = prompts
  return {
    ...figureOf(why, 'each prompt', 'prompts', version),
    kind: signedBars,
    data: titled(why, { name, bars }),
    dataset: () => promptsDataset(result)
  }
}

/** What is known of each prompt. */
function promptsDataset({ axes, variables, attributes }: Dataset): Dataset {
  const own = ['difference', 'position', 'token', 'other'].map(
    name => [name, variables[`prompt.${name}`]!] as const
  )
  return dataset({ window: axes['window']! }, Object.fromEntries(own), attributes)
}

/** What each head gives directly. */
export function whyHeadsFigure(
  why: FiguredWhy,
  version: string
): ViewFigure<HeadMapData, Provenance> {
  const data = titled(why, whyHeads(why.result))
  return {
    ...figureOf(why, 'heads', 'heads', version),
    kind: headMap,
    data,
    dataset: () => whyPartsDataset(why.result)
  }
}

/** What the difference is the sum of: kinds of parts, and all of it. */
export function whySum(result: Dataset): Omit<SignedBarsData, 'title'> {
  const sum = (...names: string[]) =>
    names.flatMap(name => [...variable(result, name).data]).reduce((all, one) => all + one, 0)
  const bar = (label: string, value: number) => ({ label, value, spread: null, isSum: false })
  const [difference, rest] = [sum('difference'), sum('rest')]
  return {
    name: 'logits',
    bars: [
      bar('embedding', sum('embed')),
      bar('positions', sum('pos_embed')),
      bar('heads', sum('head')),
      bar('MLPs', sum('mlp')),
      bar('biases', sum('attn_bias', 'ln_bias', 'unembed_bias')),
      ...(Math.abs(rest) > 1e-3 * Math.abs(difference) ? [bar('rounding', rest)] : []),
      {
        ...{ label: askedText(result), value: difference, isSum: true },
        spread: result.variables['difference_sd']?.data[0] ?? null
      }
    ]
  }
}

export function whyHeads(result: Dataset): Omit<HeadMapData, 'title'> {
  const head = variable(result, 'head')
  const [layers = 0, heads = 1] = shapeOf(result, head)
  return {
    ...{ name: 'direct effect, logits', quantity: 'difference', heads },
    layers: Array.from({ length: layers }, (_, layer) => layer),
    values: [...head.data]
  }
}

/** As far to either side of 0 as the strongest. */
export function whyRange({ values }: Pick<HeadMapData, 'values'>): ValueRange {
  const most = largestMagnitude(values) || 1
  return { low: -most, high: most }
}

/** Which two tokens, such as `“ a” less “ the”`. */
export function askedText(result: Dataset): string {
  const tokens = tokensOfResult(result)
  const asked = (['prompt.token', 'prompt.other'] as const).map((name, i) => [
    ...new Set(result.variables[name]?.data ?? [variable(result, 'token').data[i]!])
  ])
  const [a, b] = asked.map(ids => {
    const token = ids.length === 1 ? tokens.get(ids[0]!) : undefined
    return token === undefined ? null : quotedToken(token)
  })
  return a == null || b == null ? 'A less B' : `${a} less ${b}`
}

/** Where it was asked, after which tokens; empty where that is elsewhere in each prompt. */
function askedWhere(at: string, ofPrompts: boolean): string {
  const [position] = at.split(':') as [string]
  if (at.includes(',')) return ''
  return ` at ${position === 'last' ? 'the last position' : `position ${position}`}${ofPrompts ? ' of each prompt' : ''}`
}

function titled<D>({ model, result, over }: FiguredWhy, data: D) {
  const of = over === null ? '' : ` · ${over}`
  return { ...data, title: `${model.name} · why ${askedText(result)}${of}` }
}

function figureOf(
  { model, run, result, over, at, params }: FiguredWhy,
  what: string,
  form: string,
  version: string
) {
  const parts = form === 'sum' ? '' : `, ${what}`
  const asked = `${askedText(result)}${askedWhere(at, over !== null)}`
  const place = `Why ${asked}${parts}${over === null ? '' : `, over ${over}`}`
  const from: Provenance = {
    ...{ version, of: runOrigin(model, run, place), less: null, precision: 'float32' },
    again: { view: 'why', params: { ...params, form } }
  }
  return { what: `why · ${what}`, from, dataset: () => result }
}
