import type { AtlasHead, HeadAtlas } from '#common/analysis/head-atlas/head-atlas.ts'

/** What a row of the table has to be: `previous > 0.3`. */
export interface Condition {
  readonly of: (head: AtlasHead) => number
  readonly holds: (value: number) => boolean
}

/** The order of the heads, or by a column. */
export type RowOrder = { readonly by: string; readonly descending: boolean } | null

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '=': (value, bound) => value === bound
}

const facts = ['baseline', 'spread', 'low', 'high', 'p', 'windows'] as const

/** The number of a column: a score, `layer`, `head` or `offset`, the best one. */
export function columnOf(name: string): (head: AtlasHead) => number {
  if (name === 'layer') return ({ layer }) => layer
  if (name === 'head') return ({ head }) => head
  if (name === 'offset') return ({ bestOffset }) => bestOffset.offset
  return ({ scores }) => scores[name]?.value ?? NaN
}

/**
 * What words such as `previous > 0.3 induction.p < 0.05 layer = 2` ask for; a score goes by how its name begins.
 * @returns the conditions, or what is not understood
 */
export function conditionsOf(
  text: string,
  scores: readonly string[]
): { readonly all: readonly Condition[]; readonly fault: string | null } {
  const words = text.trim().replace(/\s*(>=|<=|[<>=])\s*/g, '$1')
  const all: Condition[] = []
  for (const word of words.split(/[\s,;&]+/).filter(word => word !== '' && word !== 'and')) {
    const parts = /^([\w.]+)(>=|<=|[<>=])(-?[\d.]+(?:e-?\d+)?)$/i.exec(word)
    if (parts === null) return { all, fault: `“${word}” is not a condition such as previous > 0.3` }
    const [, name = '', sign = '', bound = ''] = parts
    const of = numberNamed(name.toLowerCase(), scores)
    if (of === null) return { all, fault: `“${name}” is no score` }
    if (Number.isNaN(Number(bound))) return { all, fault: `“${bound}” is no number` }
    all.push({ of, holds: value => comparisons[sign]!(value, Number(bound)) })
  }
  return { all, fault: null }
}

function numberNamed(
  name: string,
  scores: readonly string[]
): ((head: AtlasHead) => number) | null {
  if (['layer', 'head', 'offset'].includes(name)) return columnOf(name)
  const [start = '', fact] = name.split('.')
  const score = scores.find(own => own === start) ?? scores.find(own => own.startsWith(start))
  if (start === '' || score === undefined) return null
  if (fact === undefined) return columnOf(score)
  const known = facts.find(own => own === fact)
  return known === undefined ? null : ({ scores }) => scores[score]?.[known] ?? NaN
}

/** The heads that meet all conditions, in an order; what has no number comes last. */
export function atlasRows(
  { heads }: HeadAtlas,
  conditions: readonly Condition[],
  order: RowOrder
): AtlasHead[] {
  const found = heads.filter(head => conditions.every(({ of, holds }) => holds(of(head))))
  if (order === null) return found
  const of = columnOf(order.by)
  const sign = order.descending ? -1 : 1
  return found.toSorted((a, b) => {
    const [one, other] = [of(a), of(b)]
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other))
    return sign * (one - other)
  })
}
