import { expect, it } from 'vitest'
import type { HeadContext, HeadContexts } from '#common/analysis/head-contexts/contexts-of.ts'
import { idToken } from '#common/model/token.ts'
import { shownContexts } from '#common/figure/views/shown-contexts.ts'

const context: HeadContext = {
  label: 'play.txt, tokens 0 to 15, query 6',
  window: 0,
  score: 0.5,
  query: 6,
  start: 2,
  tokens: [2, 3, 4, 5, 6, 7, 8].map(idToken),
  weights: [0.1, 0.2, 0.05, 0.3, 0.25, null, null],
  outside: 0.1,
  strongest: { key: 5, token: idToken(5), weight: 0.3 }
}
const all: HeadContexts = {
  ...{ queries: 1, without: 0, mean: 0.5, baseline: null, unit: '', cells: [] },
  bins: [{ low: 0, high: 1, count: 1, contexts: [context] }]
}
const shown = (around: number) => {
  const { found, wholes } = shownContexts(all, around)
  const [part] = found.bins[0]!.contexts
  return { part: part!, whole: wholes.get(part!) }
}

it('cuts what is far from the query, and counts its weight as not shown', () => {
  const { part, whole } = shown(2)
  expect(part.tokens.map(({ id }) => id)).toEqual([4, 5, 6, 7, 8])
  expect(part.weights).toEqual([0.05, 0.3, 0.25, null, null])
  expect(part.start).toBe(4)
  expect(part.tokens[part.query - part.start]!.id).toBe(6)
  expect(part.outside).toBeCloseTo(0.4, 12)
  expect(whole).toBe(context)
  // What is not seen has none.
  expect(shown(0).part.outside).toBeCloseTo(0.75, 12)
})

it('leaves what is all near as it is', () => {
  expect(shown(4).part).toEqual(context)
})
