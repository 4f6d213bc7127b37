import { expect, it } from 'vitest'
import { paramsText, paramTexts } from '#common/text/params-text.ts'

it('tells params as a command takes them, and none that has no value', () => {
  const params = { layer: 3, heads: [0, 1], score: 'induction', at: '7', key: null, by: undefined }
  expect(paramsText(params)).toBe('layer=3, heads=[0,1], score=induction, at="7"')
  expect(paramsText({ key: null })).toBe('')
})

it('cuts values alone, between letters', () => {
  const params = { a: 'short', b: '😀'.repeat(50) }
  expect(paramTexts(params, 5)).toEqual(['a=short', `b=${'😀'.repeat(5)}…`])
  expect(paramTexts(params)).toEqual(['a=short', `b=${'😀'.repeat(50)}`])
})
