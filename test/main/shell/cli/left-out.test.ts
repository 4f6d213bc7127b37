import { expect, it } from 'vitest'
import { leftOutLines } from '../../../../src/main/shell/cli/analysis-run.ts'

it('says what was left out, of words why, and of much how much more there is', () => {
  const word = { name: 'zzz🙂', why: 'the vocabulary does not have "🙂"' }
  expect(leftOutLines(['a.txt: is empty', word])).toEqual([
    'left out: a.txt: is empty',
    'left out: zzz🙂: the vocabulary does not have "🙂"'
  ])
  expect(leftOutLines(Array<string>(12).fill('x')).at(-1)).toBe(
    'left out: 2 more, which the attribute left_out of the result names'
  )
  expect(leftOutLines(undefined)).toEqual([])
})
