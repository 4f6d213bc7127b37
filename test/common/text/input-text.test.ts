import { expect, it } from 'vitest'
import { quotedInput } from '#common/text/input-text.ts'

it('quotes a text whole, and says of a long one that it is its beginning', () => {
  expect(quotedInput({ text: ' To be,\nor not ' }, 5)).toBe('“To be, or not”')
  expect(quotedInput({ text: 'b'.repeat(80) }, 80)).toBe(`“${'b'.repeat(80)}”`)
  expect(quotedInput({ text: 'b'.repeat(81) }, 81)).toBe(`“${'b'.repeat(80)}…” (81 tokens)`)
  expect(quotedInput({ ids: [5, 17] }, 2)).toBe('“5, 17”')
})
