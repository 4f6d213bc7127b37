import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { pythonText, pythonValue } from '#common/figure/notebook/python.ts'

const texts = [
  'plain "quoted" \\ and \\u202e as it is typed',
  'שלום é 漢字 👍',
  '\u202eevil\u2066\u2069\u200f\u200e',
  'a\u0000b\u007f\u0085\n\t\u001b[2J',
  '\u2028\u2029\ufeff\u00ad\ue000',
  '\u{e0041}👨\u200d👩 \u{10fffd}'
]

it('a text as Python has nothing in it that is not seen', () => {
  for (const text of texts) expect(pythonText(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
  expect(pythonText('\u202ea\u{e0041}')).toBe('"\\u202ea\\U000e0041"')
  expect(pythonText('שלום 👍')).toBe('"שלום 👍"')
})

it.skipIf(spawnSync('python3', ['--version']).status !== 0)('is the same text to Python', () => {
  const code = `import json\nprint(json.dumps(${pythonValue(texts)}))`
  const { stdout, stderr } = spawnSync('python3', ['-c', code], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual(texts)
})
