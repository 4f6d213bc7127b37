import { LamellaError } from '#common/model/errors.ts'
import {
  alignedBuilder,
  alignedSource,
  sliceAligned,
  sourceSpan,
  type AlignedNormalizer,
  type AlignedText
} from './aligned-text.ts'
import { bytesToCharacters } from './byte-level.ts'
import { charsmapNormalizer } from './charsmap.ts'
import { flatSteps, type Step } from './definition.ts'
import { matchesOf, patternOf } from './patterns.ts'

/**
 * The normalizer of a definition; the identity when it has none.
 * @throws LamellaError `unsupported` naming a type that is not known
 */
export function alignedNormalizer(definition: Step | null): AlignedNormalizer {
  const steps = flatSteps(definition, 'normalizers').map(alignedStep)
  return text => steps.reduce((current, apply) => apply(current), text)
}

function alignedStep(step: Step): AlignedNormalizer {
  switch (step.type) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return text => locallyRewritten(text, part => part.normalize(step.type))
    case 'Lowercase':
      return text => eachCharacter(text, character => character.toLowerCase())
    case 'StripAccents':
      return text => locallyRewritten(text, part => part.replace(/\p{M}/gu, ''))
    case 'Nmt':
      return text => eachCharacter(text, withoutControls)
    case 'ByteLevel':
      return text => eachCharacter(text, bytesToCharacters)
    case 'BertNormalizer':
      return bert(step)
    case 'Prepend':
      return text => prepended(text, stringOf(step['prepend']))
    case 'Replace':
      return replacement(patternOf(step), stringOf(step['content']))
    case 'Strip':
      return text => stripped(text, step['strip_left'] === true, step['strip_right'] === true)
    case 'Precompiled': {
      const rules = stringOf(step['precompiled_charsmap'])
      const byLongest = step['longest'] === true
      return rules === ''
        ? text => text
        : charsmapNormalizer(Buffer.from(rules, 'base64'), byLongest, textsOf(step['kept']))
    }
    default:
      throw new LamellaError('unsupported', `unknown normalizer ${step.type}`)
  }
}

const removed = /[\u0001-\u0008\v\u000e-\u001f\u007f\u008f\u009f]/
const spaces = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/

function withoutControls(character: string): string {
  return removed.test(character) ? '' : spaces.test(character) ? ' ' : character
}

const chinese =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/u

/** In the order of the reference: clean, set apart, without accents, in lower case. */
function bert(step: Step): AlignedNormalizer {
  const lowers = step['lowercase'] === true
  const strips = typeof step['strip_accents'] === 'boolean' ? step['strip_accents'] : lowers
  const steps: AlignedNormalizer[] = []
  if (step['clean_text'] === true) steps.push(text => eachCharacter(text, cleaned))
  if (step['handle_chinese_chars'] === true)
    steps.push(text => eachCharacter(text, c => (chinese.test(c) ? ` ${c} ` : c)))
  if (strips)
    steps.push(text =>
      locallyRewritten(text, part => part.normalize('NFD').replace(/\p{Mn}/gu, ''))
    )
  if (lowers) steps.push(text => eachCharacter(text, character => character.toLowerCase()))
  return text => steps.reduce((current, apply) => apply(current), text)
}

function cleaned(character: string): string {
  if (/[\t\n\r]/.test(character)) return ' '
  if (/[\0\ufffd\p{Cc}\p{Cf}\p{Co}]/u.test(character)) return ''
  return /\p{White_Space}/u.test(character) ? ' ' : character
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Rewrites each character by itself. */
function eachCharacter(text: AlignedText, rewrite: (character: string) => string): AlignedText {
  const builder = alignedBuilder()
  let unit = 0
  let kept = 0
  for (const character of text.text) {
    const to = unit + character.length
    const becomes = rewrite(character)
    if (becomes !== character) {
      builder.keep(text, kept, unit)
      const { start, end } = sourceSpan(text, unit, to)
      builder.add(becomes, start, end)
      kept = to
    }
    unit = to
  }
  if (kept === 0) return text
  builder.keep(text, kept, unit)
  return builder.finish()
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(text => typeof text === 'string') : []
}

function prepended(text: AlignedText, prefix: string): AlignedText {
  if (text.text === '') return text
  const builder = alignedBuilder()
  builder.add(prefix, text.starts[0]!, text.starts[0]!)
  builder.keep(text, 0, text.text.length)
  return builder.finish()
}

function replacement(pattern: RegExp, content: string): AlignedNormalizer {
  return text => {
    const builder = alignedBuilder()
    let done = 0
    for (const { from, to } of matchesOf(text.text, pattern)) {
      builder.keep(text, done, from)
      const { start, end } = sourceSpan(text, from, to)
      builder.add(content, start, end)
      done = to
    }
    builder.keep(text, done, text.text.length)
    return builder.finish()
  }
}

function stripped(text: AlignedText, left: boolean, right: boolean): AlignedText {
  const all = text.text
  const from = left ? /^\p{White_Space}*/u.exec(all)![0].length : 0
  let to = all.length
  while (right && to > from && /\p{White_Space}/u.test(all[to - 1]!)) to--
  return sliceAligned(text, from, to)
}

// A character with its marks, or letters of a script that compose without marks.
const cluster = /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+|[^\p{M}][\p{M}\uff9e\uff9f]*|\p{M}+/gu

/**
 * Applies a rewriting that looks no further than a character and its marks, cluster by cluster. Where the
 * whole rewrites otherwise than the clusters do, what differs is aligned as one stretch.
 */
function locallyRewritten(text: AlignedText, rewrite: (part: string) => string): AlignedText {
  const whole = rewrite(text.text)
  if (whole === text.text) return text
  const builder = alignedBuilder()
  for (const match of text.text.matchAll(cluster)) {
    const to = match.index + match[0].length
    const part = rewrite(match[0])
    if (part === match[0]) builder.keep(text, match.index, to)
    else if (part !== '') {
      const { start, end } = sourceSpan(text, match.index, to)
      builder.add(part, start, end)
    }
  }
  const local = builder.finish()
  return local.text === whole ? local : alignedByEnds(text, whole)
}

/** Aligns what two texts share at both ends unit by unit, and what lies between as one stretch. */
function alignedByEnds(text: AlignedText, whole: string): AlignedText {
  const shorter = Math.min(text.text.length, whole.length)
  let head = 0
  while (head < shorter && text.text[head] === whole[head]) head++
  let tail = 0
  while (tail < shorter - head && text.text.at(-1 - tail) === whole.at(-1 - tail)) tail++
  const builder = alignedBuilder()
  builder.keep(text, 0, head)
  const { start, end } = sourceSpan(text, head, text.text.length - tail)
  builder.add(whole.slice(head, whole.length - tail), start, end)
  builder.keep(text, text.text.length - tail, text.text.length)
  return builder.finish()
}

/** A text normalized on its own, for tokens that are looked for in normalized text. */
export function normalizedText(normalizer: AlignedNormalizer, text: string): string {
  return normalizer(alignedSource(text)).text
}
