import { expect, it } from 'vitest'
import { withMask } from '../../../src/renderer/src/window/with-mask.ts'

it('replaces a token, but not the space before it', () => {
  expect(withMask('the cat sat', { start: 4, end: 7 }, '[MASK]')).toBe('the [MASK] sat')
  expect(withMask('the cat sat', { start: 3, end: 7 }, '<mask>')).toBe('the <mask> sat')
})
