import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { isolated } from '#common/text/token-text.ts'
import { tellResult } from '../../../../src/main/shell/cli/tell-result.ts'

it('prints the sentence that says a result whole, without signs that a terminal does not need', async () => {
  const sentence = `The logit of ${isolated('A')} is above that of ${isolated('B')}, ${'mostly '.repeat(60)}by one head.`
  const result = {
    ...dataset(
      { cell: axis(1) },
      { score: { axes: ['cell'], data: Float64Array.of(1), about: '', unit: '' } }
    ),
    attributes: { sentence, list: Array.from({ length: 500 }, (_, i) => i) }
  }
  const lines: string[] = []
  const print = (text: string) => void lines.push(text)
  await tellResult(result, { out: null, inputs: [] }, { version: '1', print, printError: print })
  const text = lines.join('')
  expect(text).toContain(`The logit of A is above that of B, ${'mostly '.repeat(60)}by one head.\n`)
  expect(text).not.toContain('499')
})
