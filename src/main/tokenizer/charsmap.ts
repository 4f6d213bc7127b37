import { alignedBuilder, sourceSpan, type AlignedNormalizer } from './aligned-text.ts'
import { longestAt } from './longest-at.ts'

/**
 * SentencePiece's rewriting rules. In SentencePiece the longest spelling that has a rule is rewritten by it, at every place of a
 * text. The `tokenizers` library looks at what is seen as one character: where that is short, the shortest spelling it begins
 * with that has a rule stands for all of it; else each of its characters is looked at by itself. The rules are a double-array trie over UTF-8 bytes, whose values point into a list of
 * texts that each end with a zero byte.
 * @param rules `precompiled_charsmap` of a model
 * @param byLongest as SentencePiece does
 * @param spared spellings that it leaves as they are
 * @throws RangeError when the rules are cut short
 * @source Kudo and Richardson 2018; the trie is that of darts-clone
 */
export function charsmapNormalizer(
  rules: Uint8Array,
  byLongest: boolean,
  spared: readonly string[] = []
): AlignedNormalizer {
  const { units, texts } = rulesOf(rules)
  const rewritten = new Map<number, string>()
  const textAt = (at: number) => {
    const known = rewritten.get(at)
    if (known !== undefined) return known
    const end = texts.indexOf(0, at)
    const text = decoder.decode(texts.subarray(at, end < 0 ? texts.length : end))
    rewritten.set(at, text)
    return text
  }
  const sparedAt = spared.length === 0 ? null : longestAt(spared)
  const rewrites = byLongest
    ? (bytes: Uint8Array, text: string) => longestRewrites(units, bytes, text, sparedAt)
    : (bytes: Uint8Array, text: string) => graphemeRewrites(units, bytes, text)
  return text => {
    const bytes = encoder.encode(text.text)
    const builder = alignedBuilder()
    let unit = 0
    let kept = 0
    let byte = 0
    for (const { length, value } of rewrites(bytes, text.text)) {
      const to = unit + unitsOf(bytes, byte, length)
      if (value !== null) {
        builder.keep(text, kept, unit)
        const { start, end } = sourceSpan(text, unit, to)
        builder.add(textAt(value), start, end)
        kept = to
      }
      byte += length
      unit = to
    }
    if (kept === 0) return text
    builder.keep(text, kept, text.text.length)
    return builder.finish()
  }
}

/** Some bytes, whole characters, and where the text lies that they become; null where they stay. */
interface Rewrite {
  readonly length: number
  readonly value: number | null
}

function* longestRewrites(
  units: Uint32Array,
  bytes: Uint8Array,
  text: string,
  sparedAt: ReturnType<typeof longestAt> | null
): Generator<Rewrite> {
  let unit = 0
  for (let at = 0; at < bytes.length;) {
    const spared = sparedAt?.(text, unit) ?? null
    const found = spared === null ? matchesAt(units, bytes, at, bytes.length).at(-1) : undefined
    const length = spared === null ? utf8Length(bytes[at]!) : Buffer.byteLength(spared)
    const rewrite = found ?? { length, value: null }
    yield rewrite
    if (sparedAt !== null) unit += unitsOf(bytes, at, rewrite.length)
    at += rewrite.length
  }
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

function* graphemeRewrites(
  units: Uint32Array,
  bytes: Uint8Array,
  text: string
): Generator<Rewrite> {
  let at = 0
  for (const { segment } of graphemes.segment(text)) {
    const length = Buffer.byteLength(segment)
    const [whole] = length < 6 ? matchesAt(units, bytes, at, at + length) : []
    if (whole) yield { length, value: whole.value }
    else
      for (let from = at; from < at + length;) {
        const one = utf8Length(bytes[from]!)
        const [found] = matchesAt(units, bytes, from, from + one)
        yield { length: one, value: found?.value ?? null }
        from += one
      }
    at += length
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

interface Rules {
  readonly units: Uint32Array
  readonly texts: Uint8Array
}

function rulesOf(rules: Uint8Array): Rules {
  const view = new DataView(rules.buffer, rules.byteOffset, rules.byteLength)
  const size = view.getUint32(0, true)
  if (size % 4 !== 0 || 4 + size > rules.byteLength)
    throw new RangeError('the rewriting rules are cut short')
  const units = Uint32Array.from({ length: size / 4 }, (_, index) =>
    view.getUint32(4 + 4 * index, true)
  )
  return { units, texts: rules.subarray(4 + size) }
}

/** The spellings with a rule that some bytes begin with, the shortest first. */
function matchesAt(
  units: Uint32Array,
  bytes: Uint8Array,
  from: number,
  to: number
): { readonly length: number; readonly value: number }[] {
  const found = []
  let node = offsetOf(units[0] ?? 0)
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    node ^= byte
    const unit = units[node]
    // A node's label has the top bit clear; a value's has it set, and so is never equal to a byte.
    if (unit === undefined || (unit & 0x800000ff) !== byte) break
    node ^= offsetOf(unit)
    const leaf = units[node]
    if ((unit >>> 8) & 1 && leaf !== undefined)
      found.push({ length: at + 1 - from, value: leaf & 0x7fffffff })
  }
  return found
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6)
}

function utf8Length(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

/** UTF-16 units that some UTF-8 bytes, whole characters, stand for. */
function unitsOf(bytes: Uint8Array, from: number, length: number): number {
  let units = 0
  for (let at = from; at < from + length; at++) {
    const byte = bytes[at]!
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
  }
  return units
}
