import { expect, it } from 'vitest'
import type { HeadContext } from '#common/analysis/head-contexts/contexts-of.ts'
import { placeInText } from '../../../../src/renderer/src/views/head-profile/place-in-text.ts'

const text = [...'to be or not to be'].map(letter => ({ id: letter.charCodeAt(0) }))

function context(own: Partial<HeadContext>, letters: string): HeadContext {
  const tokens = [...letters].map(letter => ({
    ...{ id: letter.charCodeAt(0), piece: letter, text: letter, start: 0, end: 0, special: false }
  }))
  return {
    ...{ label: '', window: 0, score: 0, query: 0, start: 0, outside: 0, tokens },
    weights: tokens.map(() => null),
    strongest: { key: 0, token: tokens[0]!, weight: 1 },
    ...own
  }
}

it('finds the place of a query of a later window', () => {
  const found = context({ window: 2, start: 1, query: 3 }, 'not ')
  expect(placeInText(found, text, 4)).toBe(2 * 4 + 3)
})

it('finds none where the tokens are others', () => {
  expect(placeInText(context({ window: 1, start: 0, query: 1 }, '[o'), text, 4)).toBeNull()
  expect(placeInText(context({ window: 4, start: 0, query: 1 }, 'be?'), text, 4)).toBeNull()
})
