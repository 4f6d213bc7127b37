import { expect, it } from 'vitest'
import type { Token } from '#common/model/token.ts'
import { seenPaddingText } from '#common/text/padding-text.ts'

const token = (id: number, piece: string, special: boolean): Token => ({
  ...{ id, piece, text: piece, start: 0, end: 1, special }
})
const padding = token(3, '[PAD]', true)

it('padding that no mask hides is told', () => {
  const text = [token(1, 'a', false), padding]
  expect(seenPaddingText({}, text)).toBe(
    '1 token is padding, [PAD], and is seen like any other: no mask hides it'
  )
  expect(seenPaddingText({ unseenToken: 2 }, [...text, padding])).toBe(
    '2 tokens are padding, [PAD], and are seen like any other: no mask hides them'
  )
})

it('nothing is told where there is none, or the model hides it', () => {
  expect(seenPaddingText({}, [token(1, 'a', false), token(2, '[PAD]', false)])).toBeNull()
  expect(seenPaddingText({ unseenToken: 3 }, [padding])).toBeNull()
})
