import { tokenBytes } from './token-bytes.ts'
import type { ShownToken } from '../model/token.ts'
import { unseenSign, visibleText } from './visible-text.ts'

/** A stretch of a token's display: its own letters, or a sign that stands for something unseen. */
export interface TokenPart {
  readonly text: string
  readonly kind: 'letters' | 'sign'
}

const signs: Readonly<Record<string, string>> = {
  ' ': '·',
  '\n': '↵',
  '\r': '␍',
  '\t': '⇥',
  '\u00a0': '⍽',
  '\u200b': '⟨ZWSP⟩',
  '\u200c': '⟨ZWNJ⟩',
  '\u200d': '⟨ZWJ⟩',
  '\u200e': '⟨LRM⟩',
  '\u200f': '⟨RLM⟩',
  '\ufeff': '⟨BOM⟩'
}

// Control, format, surrogate, private use and line separators have no legible glyph of their own.
const unseen = /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]$/u

/** How a token is shown, in parts: spaces as `·`, newlines as `↵`, incomplete bytes as `⟨E2⟩`. */
export function tokenParts(token: ShownToken): TokenPart[] {
  if (token.special) return [{ text: visibleText(token.piece), kind: 'letters' }]
  if (token.text.includes('\ufffd')) {
    const bytes = tokenBytes(token)
    if (bytes !== null) return bytesParts(bytes)
  }
  if (token.text === '') return [{ text: visibleText(token.piece) || '∅', kind: 'sign' }]
  const parts: TokenPart[] = []
  for (const character of token.text) append(parts, characterPart(character))
  return parts
}

/** How a token is shown, as plain text. */
export function tokenText(token: ShownToken): string {
  return tokenParts(token)
    .map(part => part.text)
    .join('')
}

/** Letters as they are shown where they are no token, with the same signs. */
export function lettersText(text: string): string {
  return tokenText({ piece: text, text, special: false })
}

/** Text that a bidirectional line must not reorder with its neighbours: in first-strong isolates. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`
}

/** A name or a text within a line in English: isolated where letters of it run from right to left. */
export function inItsDirection(text: string): string {
  return hasRightToLeft(text) ? isolated(text) : text
}

/** Letters as they are shown (`visibleText`), but for isolates around some of them, which stay. */
export function visibleIsolated(text: string): string {
  return text.replaceAll(/[^\u2066\u2068\u2069]+/g, letters => visibleText(letters))
}

/** The same as plain letters, for a file that shows all that is not seen. */
export function withoutIsolates(text: string): string {
  return text.replaceAll(/[\u2066\u2068\u2069]/g, '')
}

/** How a token is named within a sentence. */
export function quotedToken(token: ShownToken): string {
  return `“${isolated(tokenText(token))}”`
}

/** Letters of scripts written from right to left. */
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}]/gu

/** Where the first letter of a script written from right to left stands; -1 where there is none. */
export function firstRightToLeft(text: string): number {
  return text.search(rightToLeft)
}

/** Whether a text has a letter of a script written from right to left. */
export function hasRightToLeft(text: string): boolean {
  return firstRightToLeft(text) >= 0
}

/** Which way a text runs: as its first letter. */
export function firstDirection(text: string): 'ltr' | 'rtl' {
  const [first = ''] = /\p{L}/u.exec(text) ?? []
  return hasRightToLeft(first) ? 'rtl' : 'ltr'
}

/** Whether most letters of a text are of scripts written from right to left. */
export function readsRightToLeft(text: string): boolean {
  const sample = text.slice(0, 2000)
  const letters = sample.match(/\p{L}/gu)
  return (sample.match(rightToLeft)?.length ?? 0) * 2 > (letters?.length ?? 0)
}

function characterPart(character: string): TokenPart {
  const sign = signs[character]
  if (sign !== undefined) return { text: sign, kind: 'sign' }
  if (!unseen.test(character)) return { text: character, kind: 'letters' }
  return { text: unseenSign(character), kind: 'sign' }
}

/** Whole characters as themselves, every other byte by its value. */
function bytesParts(bytes: Uint8Array): TokenPart[] {
  const parts: TokenPart[] = []
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at)
    if (character === null) {
      append(parts, { text: `⟨${hex(bytes[at]!)}⟩`, kind: 'sign' })
      at++
    } else {
      append(parts, characterPart(character.text))
      at += character.length
    }
  }
  return parts
}

function characterAt(bytes: Uint8Array, at: number): { text: string; length: number } | null {
  const lead = bytes[at]!
  const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (length === 0 || at + length > bytes.length) return null
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return { text: decoder.decode(bytes.subarray(at, at + length)), length }
  } catch {
    return null
  }
}

function append(parts: TokenPart[], part: TokenPart): void {
  const last = parts.at(-1)
  if (last?.kind === part.kind) parts[parts.length - 1] = { ...last, text: last.text + part.text }
  else parts.push(part)
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(2, '0')
}
