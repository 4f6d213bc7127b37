import { decode, encode } from 'fast-png'
import { expect, it } from 'vitest'
import { withPngText } from '#common/figure/png-text.ts'

it('a comment stands in a picture that is otherwise the same', () => {
  const data = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255)
  const png = encode({ data, width: 2, height: 1, channels: 4, depth: 8 })
  const { text, ...picture } = decode(withPngText(png, 'Description', 'Text: שa\nb'), {
    checkCrc: true
  })
  expect(text).toEqual({ Description: 'Text: \\u05e9a\nb' })
  expect([...picture.data]).toEqual([...data])
})
