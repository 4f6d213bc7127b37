import type { HeadContext, HeadContexts } from '../../analysis/head-contexts/contexts-of.ts'

/** Contexts as they are shown, and what each is a part of. */
export interface ShownContexts {
  readonly found: HeadContexts
  readonly wholes: ReadonlyMap<HeadContext, HeadContext>
}

/** Of each context the tokens near its query: so many on each side. */
export function shownContexts(all: HeadContexts, around: number): ShownContexts {
  const wholes = new Map<HeadContext, HeadContext>()
  const bins = all.bins.map(bin => ({
    ...bin,
    contexts: bin.contexts.map(whole => {
      const part = nearQuery(whole, around)
      wholes.set(part, whole)
      return part
    })
  }))
  return { found: { ...all, bins }, wholes }
}

/** What is cut off counts as weight on keys that are not shown. */
function nearQuery(whole: HeadContext, around: number): HeadContext {
  const { query, start, tokens, weights, outside } = whole
  const from = Math.max(0, query - start - around)
  const to = query - start + around + 1
  const cut = weights.filter((_, at) => at < from || at >= to)
  return {
    ...whole,
    start: start + from,
    tokens: tokens.slice(from, to),
    weights: weights.slice(from, to),
    outside: outside + cut.reduce<number>((sum, weight) => sum + (weight ?? 0), 0)
  }
}
