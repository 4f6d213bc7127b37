import { variable, type Dataset } from '../../data/dataset.ts'
import { numberText } from '../../text/number-text.ts'
import { isolated, lettersText, quotedToken } from '../../text/token-text.ts'
import { tokensOfResult } from '../described-tokens.ts'
import { ablationAgrees } from './strongest-parts.ts'

/** What the numbers of `why` say: the parts that stand out are named as reasons, no others. */
export function sentenceOf(result: Dataset): string {
  if (Number.isNaN(data(result, 'difference')[0]!))
    return 'The difference of the logits is not a number, and no part is named: the weights or the edits are why.'
  const prompts = result.attributes['prompts']
  const total = typeof prompts === 'number' ? totalOfAll(result, prompts) : totalOf(result)
  const parts = partsIn(result)
  const named = parts.filter(({ standsOut }) => standsOut)
  const isTested = !('not_drawn' in result.attributes)
  const doubtful = parts.filter(({ givesFarMore, standsOut }) => givesFarMore && !standsOut)
  const said = [
    ...(named.length === 0
      ? []
      : [`Of the parts that stand out ${named.map(part => reason(part, result)).join('; ')}.`]),
    ...(doubtful.length === 0
      ? []
      : [
          `${doubtful.map(part => doubtOf(part, isTested)).join('; ')}: ${named.length === 0 ? 'no reason' : 'none of these'} is named.`
        ])
  ]
  return [total, ...(said.length > 0 ? said : [noneOf(parts)])].join(' ')
}

function totalOf(result: Dataset): string {
  const [a, b] = namesOf(result, variable(result, 'token').data)
  return `The logit of ${a} is ${apart(data(result, 'difference')[0]!)} that of ${b}: ${madeOf(result)}.`
}

function totalOfAll(result: Dataset, prompts: number): string {
  const [tokens, others] = (['prompt.token', 'prompt.other'] as const).map(name => [
    ...new Set(data(result, name))
  ]) as [number[], number[]]
  const [a, b] =
    tokens.length === 1 && others.length === 1
      ? namesOf(result, [tokens[0]!, others[0]!])
      : ['the token that is asked about', 'the other']
  const values = [...data(result, 'prompt.difference')]
  const [mean, sd, p] = ['', '_sd', '_p'].map(
    suffix => data(result, `difference${suffix}`)[0]!
  ) as [number, number, number]
  const above = values.filter(value => value > 0).length
  return `Over ${prompts} prompts the logit of ${a} is on average ${apart(mean)} that of ${b} (standard deviation ${sd.toFixed(2)}; above it in ${above}, ${'not_drawn' in result.attributes ? untested : signsText(p)}): ${madeOf(result)}.`
}

const untested = 'windows overlap, whose signs are no evidence'

/** What the sign test over prompts says. */
function signsText(p: number): string {
  if (Number.isNaN(p)) return 'the same in each, which a sign test says nothing of'
  return `sign test p = ${numberText(p, 2)}${p > 0.05 ? ', not distinguishable from chance' : ''}`
}

function madeOf(result: Dataset): string {
  const sum = (...names: string[]) =>
    signed(names.flatMap(name => [...data(result, name)]).reduce((all, one) => all + one, 0))
  return `embeddings ${sum('embed', 'pos_embed')}, heads ${sum('head')}, MLPs ${sum('mlp')}, biases ${sum('attn_bias', 'ln_bias', 'unembed_bias')}`
}

/** A head or an MLP that was looked at. */
interface Looked {
  readonly place: number
  readonly label: string
  readonly direct: number
  readonly ablation: number
  readonly givesFarMore: boolean
  readonly standsOut: boolean
  /** Of the sign test over prompts; null of one. */
  readonly p: number | null
}

/** Neurons are listed and never named. */
function partsIn(result: Dataset): Looked[] {
  const of = (name: string) => data(result, `part.${name}`)
  const p = result.variables['part.direct_p']?.data
  return result.axes['part']!.labels!.flatMap((label, place) =>
    label.startsWith('neuron')
      ? []
      : [
          {
            ...{ place, label, direct: of('direct')[place]!, ablation: of('ablation')[place]! },
            givesFarMore: of('gives_far_more')[place] === 1,
            standsOut: of('stands_out')[place] === 1,
            p: p?.[place] ?? null
          }
        ]
  )
}

function reason(part: Looked, result: Dataset): string {
  const { label, direct, ablation, place, p } = part
  const prompts = Number(result.attributes['prompts'])
  const signs = p === null ? '' : `over ${prompts} prompts, ${signsText(p)}; `
  return `${label} gives ${signed(direct)} (${signs}without it the difference ${changes(ablation)}${mostRead(result, place)})`
}

/** Why a part that gives far more than others is not named. @param isTested whether signs over the prompts are evidence */
function doubtOf({ label, direct, ablation, p }: Looked, isTested: boolean): string {
  const gives = `${capital(label)} gives ${signed(direct)} directly, far more than others, but`
  if (Number.isNaN(ablation)) return `${gives} not every prompt was run without it`
  if (!isTested) return `${gives} ${untested}`
  if (ablationAgrees(direct, ablation))
    return `${gives} not with one sign over the prompts (sign test p = ${numberText(p ?? NaN, 2)})`
  const share = ablation / direct
  const less = share > 0 && share < 1 ? ' only' : ''
  return `${gives} without it the difference ${changes(ablation)}${less}`
}

/** What is said where no part gives far more than others. */
function noneOf(parts: readonly Looked[]): string {
  const most = parts.reduce<Looked | null>(
    (most, part) => (most && Math.abs(most.direct) >= Math.abs(part.direct) ? most : part),
    null
  )
  if (most === null) return 'No head and no MLP was looked at.'
  const { label, direct, ablation } = most
  const without = Number.isNaN(ablation) ? '' : `; without it the difference ${changes(ablation)}`
  return `No head and no MLP stands out of the others: of those that were looked at ${label} gives most, ${signed(direct)}${without}.`
}

function changes(fall: number): string {
  return fall < 0 ? `rises by ${(-fall).toFixed(2)}` : `falls by ${fall.toFixed(2)}`
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/**
 * The token by which a head gives more of what it gives than by any other: of what it gives by several tokens some may be of the
 * other sign. Empty of other parts, and of several prompts.
 */
function mostRead(result: Dataset, part: number): string {
  const keys = result.axes['key']?.labels
  if (!keys) return ''
  const all = data(result, 'part.reads')
  const direct = data(result, 'part.direct')[part]!
  const shares = keys.map((_, key) => all[part * keys.length + key]! / direct)
  if (Number.isNaN(shares[0]!)) return ''
  const most = shares.reduce((best, own, key) => (own > shares[best]! ? key : best), 0)
  const much = shares[most]! > 0.5 ? 'most' : 'the largest part'
  return `, ${much} of it by reading “${isolated(lettersText(keys[most]!))}” at ${most}`
}

function namesOf(result: Dataset, ids: ArrayLike<number>): string[] {
  const tokens = tokensOfResult(result)
  return Array.from(ids, id => quotedToken(tokens.get(id)!))
}

function data(result: Dataset, name: string) {
  return variable(result, name).data
}

/** How far one logit stands from another, such as `0.88 above`. */
function apart(difference: number): string {
  return `${Math.abs(difference).toFixed(2)} ${difference < 0 ? 'below' : 'above'}`
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}
