import { expect, it } from 'vitest'
import type { HeadContext } from '#common/analysis/head-contexts/contexts-of.ts'
import { idToken } from '#common/model/token.ts'
import { contextLine } from '#common/text/context-pieces.ts'

const token = (text: string, special = false) => ({
  ...{ id: 0, piece: text, text, start: 0, end: 0, special }
})

const context: HeadContext = {
  ...{ label: 'text', window: 0, score: 0.5, outside: 0 },
  ...{ query: 24, start: 20 },
  tokens: [...'ab c'].map(text => token(text)).concat(token('d'), token('\n'), token('e')),
  weights: [0.01, 0.02, 0.5, 0.3, 0.17, null, null],
  strongest: { key: 22, token: token(' '), weight: 0.5 }
}

it('joins tokens that have hardly any weight, and leaves others by themselves', () => {
  const { before, query, after } = contextLine(context, 0.1)
  expect(before).toEqual([
    { text: 'ab', weight: null, at: 20, tokens: 2 },
    { text: '·', weight: 0.5, at: 22, tokens: 1 },
    { text: 'c', weight: 0.3, at: 23, tokens: 1 }
  ])
  expect(query).toEqual({ text: 'd', weight: 0.17, at: 24, tokens: 1 })
  expect(after).toEqual([{ text: '↵e', weight: null, at: 25, tokens: 2 }])
})

it('writes spaces as in a text where nothing points at them', () => {
  const { before } = contextLine(context, 0.6)
  expect(before).toEqual([{ text: 'ab c', weight: null, at: 20, tokens: 4 }])
})

it('shows a space that is the query as a sign', () => {
  const { query } = contextLine({ ...context, query: 22 }, 0.6)
  expect(query).toMatchObject({ text: '·', weight: 0.5 })
})

it('parts ids of a model without a tokenizer', () => {
  const tokens = [5, 17, 3, 9, 22, 41, 12].map(idToken)
  const { before, query, after } = contextLine({ ...context, tokens }, 0.1)
  expect(before.map(({ text }) => text)).toEqual(['#5 #17 ', '#3 ', '#9 '])
  expect([query.text, after[0]!.text]).toEqual(['#22 ', '#41 #12 '])
})
