import { variable, type Dataset } from '../../data/dataset.ts'
import { numberText } from '../../text/number-text.ts'
import { isolated, lettersText, quotedToken } from '../../text/token-text.ts'
import { tokensOfResult } from '../described-tokens.ts'

/** What the numbers of `why` say, naming the parts that stand out and no others. */
export function sentenceOf(result: Dataset): string {
  if (Number.isNaN(data(result, 'difference')[0]!))
    return 'The difference of the logits is not a number, and no part is named: the weights or the edits are why.'
  const prompts = result.attributes['prompts']
  const total = typeof prompts === 'number' ? totalOfAll(result, prompts) : totalOf(result)
  const named = namedParts(result)
  return named.length === 0
    ? `${total} No head and no MLP stands out of the others.`
    : `${total} Of the parts that stand out ${named.join('; ')}.`
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
  return `Over ${prompts} prompts the logit of ${a} is on average ${apart(mean)} that of ${b} (standard deviation ${sd.toFixed(2)}; above it in ${above}, sign test p = ${numberText(p, 2)}): ${madeOf(result)}.`
}

function madeOf(result: Dataset): string {
  const sum = (...names: string[]) =>
    signed(names.flatMap(name => [...data(result, name)]).reduce((all, one) => all + one, 0))
  return `embeddings ${sum('embed', 'pos_embed')}, heads ${sum('head')}, MLPs ${sum('mlp')}, biases ${sum('attn_bias', 'ln_bias', 'unembed_bias')}`
}

function namedParts(result: Dataset): string[] {
  return result.axes['part']!.labels!.flatMap((label, i) => {
    if (data(result, 'part.stands_out')[i] !== 1) return []
    const direct = signed(data(result, 'part.direct')[i]!)
    const fall = data(result, 'part.ablation')[i]!
    const falls = fall < 0 ? `rises by ${(-fall).toFixed(2)}` : `falls by ${fall.toFixed(2)}`
    return [`${label} gives ${direct} (without it the difference ${falls}${mostRead(result, i)})`]
  })
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
