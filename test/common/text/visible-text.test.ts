import { describe, expect, it } from 'vitest'
import { soundText, visibleJson, visibleText } from '#common/text/visible-text.ts'

describe('visibleText', () => {
  it.each([
    ['transformer.h.0 weight', 'transformer.h.0 weight'],
    ['שלום é 漢字 👍', 'שלום é 漢字 👍'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['model\u202egnp.exe', 'model⟨202E⟩gnp.exe'],
    ['\u2066a\u2069', '⟨2066⟩a⟨2069⟩'],
    ['a\0b\n\u001b[2J', 'a⟨00⟩b⟨0A⟩⟨1B⟩[2J'],
    ['\ufeff\u200b\u2028\ue000\ud800', '⟨FEFF⟩⟨200B⟩⟨2028⟩⟨E000⟩⟨D800⟩'],
    ['', '']
  ])('of %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown)
  })
})

it('JSON has them as escapes, says the same, and keeps its lines and letters', () => {
  const value = { 'a\u009b31m': ['\u202eevil', 'שלום\u2028', 'é\n', '\u{e0041}'] }
  const shown = visibleJson(JSON.stringify(value, null, 2))
  expect(shown).toContain('"a\\u009b31m"')
  expect(shown).toContain('"\\u202eevil"')
  expect(shown).toContain('"שלום\\u2028"')
  expect(shown).toContain('"\\udb40\\udc41"')
  expect(shown.split('\n')).toHaveLength(8)
  expect(JSON.parse(shown)).toEqual(value)
})

it('a text in a document has what would break that by its number, and nothing else', () => {
  expect(soundText('a\u0001\u007f\u0085\ud800\uffff')).toBe('a⟨01⟩⟨7F⟩⟨85⟩⟨D800⟩⟨FFFF⟩')
  expect(soundText('a\u202eb\u202d')).toBe('a⟨202E⟩b⟨202D⟩')
  for (const text of ['a\tb\r\n', 'שלום\u200f\u2066', '👨\u200d👩', '\u00ad\u2028'])
    expect(soundText(text)).toBe(text)
})
