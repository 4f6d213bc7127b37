import { expect, it } from 'vitest'
import { table } from '../../../../src/main/shell/cli/table.ts'

const headings = ['tensor', 'bytes']

it('a table has its numbers at the right, and shows what has no glyph', () => {
  const rows = [
    ['a\u001b', 5],
    ['longer', 1000]
  ]
  expect(table(headings, rows)).toBe('tensor  bytes\na⟨1B⟩       5\nlonger   1000')
})

it('a table shows spaces where a cell begins or ends, such as a token that is one', () => {
  const rows = [[' '], [' the '], ['\u00a0'], ['']]
  expect(table(['token'], rows)).toBe('token\n·\n·the·\n⟨A0⟩\n')
})

it('a long cell is cut, says how long it is, and makes no other row long', () => {
  const whole = 'n'.repeat(200)
  const rows = [
    ['a', 1],
    [whole, 2],
    ['x'.repeat(400_000), 3],
    [`${'y'.repeat(199)}🙂🙂`, 4]
  ]
  const lines = table(headings, rows).split('\n')
  expect(lines[2]).toMatch(new RegExp(`^${whole} +2$`))
  expect(lines[3]).toBe(`${'x'.repeat(200)}… (400000 letters)      3`)
  expect(lines[4]).toMatch(/^y{199}… \(203 letters\) +4$/)
  expect(Math.max(...lines.map(line => line.length))).toBe(200 + 18 + 2 + 5)
})

it('a table may have more rows than a function takes arguments', () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => [i])
  expect(table(['i'], rows)).toHaveLength(7 * 300_001 - 1)
})
