import type { ScoreFacts } from '../model/score-facts.ts'
import type { Visibility } from '../model/visibility.ts'
import { numberText } from './number-text.ts'

/**
 * The formula of an attention weight, as a model computes it.
 * @param layers null where it is not known, as of a graph of its own
 */
export function weightFormula(
  layers: readonly ScoreFacts[] | null,
  dHead: number | undefined
): string {
  const kinds = distinct((layers ?? []).map(facts => scoreText(facts, dHead)))
  if (kinds.length === 0) return 'A[q,k] = softmax_k(score of q and k, as the graph computes it)'
  if (kinds.length === 1) return `A[q,k] = softmax_k(${kinds[0]})`
  return `A[q,k] = softmax_k(${kinds.join(') or softmax_k(')}), by layer`
}

/**
 * What a head that attends to all it may see alike gives to each key.
 * @param layers null where it is not known which keys a query sees
 */
export function uniformFormula(layers: readonly Visibility[] | null): string {
  const kinds = distinct((layers ?? []).map(seenText))
  if (kinds.length === 0) return 'none: it is not known which keys a query of this graph sees'
  return kinds.map(kind => `1 / ${kind}`).join(' or ') + (kinds.length > 1 ? ', by layer' : '')
}

function scoreText(
  { scale, softCap, alibi, relative, sinks = false }: ScoreFacts,
  dHead: number | undefined
): string {
  const product = scaleText(scale, dHead)
  const cap = softCap === null ? null : numberText(softCap)
  const capped = cap === null ? product : `${cap} · tanh((${product}) / ${cap})`
  const positions = relative === undefined ? '' : ' + W_rel[k − q]'
  const biased = `${capped}${alibi === null ? positions : ' + slope · k'}`
  return sinks ? `${biased}, less what the sink of the head takes` : biased
}

function scaleText(scale: number, dHead: number | undefined): string {
  if (scale === 1) return 'q_q · k_k'
  const usual = dHead !== undefined && Math.abs(scale * Math.sqrt(dHead) - 1) < 1e-6
  return usual ? 'q_q · k_k / √d_head' : `${numberText(scale)} · q_q · k_k`
}

/** How many keys a query sees. */
function seenText({ causal, reach }: Visibility): string {
  if (reach === null) return causal ? '(q + 1)' : 'n'
  const before = `min(q, ${reach})`
  return causal ? `(${before} + 1)` : `(${before} + 1 + min(n − 1 − q, ${reach}))`
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
