import { describe, expect, it } from 'vitest'
import { bytesHex, tokenBytes } from '#common/text/token-bytes.ts'
import { isolated, readsRightToLeft, tokenParts, tokenText } from '#common/text/token-text.ts'

const plain = (text: string) => ({ piece: text, text, special: false })

describe('tokenText', () => {
  it.each([
    ['the', 'the'],
    [' the', '·the'],
    ['\n', '↵'],
    ['\r\n', '␍↵'],
    ['\t', '⇥'],
    ['\u0000', '⟨00⟩'],
    ['\u001b[0m', '⟨1B⟩[0m'],
    ['\u200f', '⟨RLM⟩'],
    ['\u202e', '⟨202E⟩'],
    ['\ud800', '⟨D800⟩'],
    ['שלום', 'שלום'],
    ['👩‍💻', '👩⟨ZWJ⟩💻'],
    ['e\u0301', 'e\u0301']
  ])('shows %j as %s', (text, shown) => expect(tokenText(plain(text))).toBe(shown))

  it('shows incomplete bytes of a byte-level vocabulary by their value', () => {
    expect(tokenText({ piece: 'âĢ', text: '\ufffd', special: false })).toBe('⟨E2⟩⟨80⟩')
    expect(tokenText({ piece: 'Ġâ', text: ' \ufffd', special: false })).toBe('·⟨E2⟩')
  })

  it('shows a byte of a SentencePiece vocabulary by its value', () => {
    expect(tokenText({ piece: '<0xE2>', text: '\ufffd', special: false })).toBe('⟨E2⟩')
  })

  it('keeps the name of a special token whole', () => {
    const parts = tokenParts({ piece: '<|end of text|>', text: '', special: true })
    expect(parts).toEqual([{ text: '<|end of text|>', kind: 'letters' }])
  })

  it('tells signs from letters', () => {
    expect(tokenParts(plain(' a '))).toEqual([
      { text: '·', kind: 'sign' },
      { text: 'a', kind: 'letters' },
      { text: '·', kind: 'sign' }
    ])
  })

  it('shows something for a token without text', () => {
    expect(tokenText({ piece: '', text: '', special: false })).toBe('∅')
    expect(tokenText({ piece: '[PAD]', text: '', special: false })).toBe('[PAD]')
  })
})

describe('tokenBytes', () => {
  it('encodes whole text and decodes spelled bytes', () => {
    expect(bytesHex(tokenBytes(plain('é…'))!)).toBe('C3 A9 E2 80 A6')
    expect(bytesHex(tokenBytes({ piece: 'Ġâ', text: ' \ufffd', special: false })!)).toBe('20 E2')
  })

  it('says when the bytes cannot be known', () => {
    expect(tokenBytes({ piece: '未', text: '\ufffd', special: false })).toBeNull()
  })
})

describe('direction', () => {
  it('isolates a label from its neighbours', () => {
    expect(isolated('שלום')).toBe('\u2068שלום\u2069')
  })

  it.each([
    ['בראשית ברא אלהים', true],
    ['hello שלום world', false],
    ['123 ...', false],
    ['مرحبا', true]
  ])('%s reads from right to left: %s', (text, expected) =>
    expect(readsRightToLeft(text)).toBe(expected)
  )

  it('shows no control or direction mark of a special token as it is', () => {
    const special = { piece: '<|a\u202eb\0|>', text: '<|a\u202eb\0|>', special: true }
    expect(tokenText(special)).toBe('<|a⟨202E⟩b⟨00⟩|>')
    expect(tokenText({ piece: '\u2067', text: '', special: false })).toBe('⟨2067⟩')
  })
})
