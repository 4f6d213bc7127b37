import { describe, expect, it } from 'vitest'
import { soundText, visibleText } from '#common/text/visible-text.ts'

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

it('a text in a document has what would break that by its number, and nothing else', () => {
  expect(soundText('a\u0001\u007f\u0085\ud800\uffff')).toBe('a⟨01⟩⟨7F⟩⟨85⟩⟨D800⟩⟨FFFF⟩')
  expect(soundText('a\u202eb\u202d')).toBe('a⟨202E⟩b⟨202D⟩')
  for (const text of ['a\tb\r\n', 'שלום\u200f\u2066', '👨\u200d👩', '\u00ad\u2028'])
    expect(soundText(text)).toBe(text)
})
