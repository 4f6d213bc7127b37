import { Tokenizer as Library, ReplaceNormalizer, type Normalizer } from '@huggingface/tokenizers'
import {
  alignedBuilder,
  alignedSource,
  sliceAligned,
  sourceSpan,
  type AlignedNormalizer,
  type AlignedText
} from './aligned-text.ts'
import { charsmapNormalizer } from './charsmap.ts'
import { flatSteps, type Step } from './definition.ts'
import { splitAt } from './split.ts'

/** The normalizer of a definition; the identity when it has none. */
export function alignedNormalizer(definition: Step | null): AlignedNormalizer {
  const steps = flatSteps(definition, 'normalizers').map(alignedStep)
  return text => steps.reduce((current, apply) => apply(current), text)
}

function alignedStep(step: Step): AlignedNormalizer {
  switch (step.type) {
    case 'Prepend':
      return text => prepended(text, stringOf(step['prepend']))
    case 'Replace':
      return replacement(step)
    case 'Strip':
      return text => stripped(text, step['strip_left'] === true, step['strip_right'] === true)
    case 'Precompiled': {
      const rules = stringOf(step['precompiled_charsmap'])
      return rules === '' ? text => text : charsmapNormalizer(Buffer.from(rules, 'base64'))
    }
    case 'BertNormalizer': {
      const rewrite = rewriting(step)
      return step['handle_chinese_chars'] === false ? rewrite : text => rewrite(spaced(text))
    }
    default:
      return rewriting(step)
  }
}

/** A step of the library's, which knows nothing of places. */
function rewriting(step: Step): AlignedNormalizer {
  const normalizer = libraryNormalizer(step)
  return text => locallyRewritten(text, part => normalizer.normalize(part))
}

// The library puts spaces around Chinese characters of 16 bits only.
const rareChinese =
  /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu

function spaced(text: AlignedText): AlignedText {
  const builder = alignedBuilder()
  for (const part of splitAt(text, rareChinese, 'Isolated')) {
    const rare = part.text.search(rareChinese) === 0
    const { start, end } = sourceSpan(part, 0, part.text.length)
    if (rare) builder.add(' ', start, start)
    builder.keep(part, 0, part.text.length)
    if (rare) builder.add(' ', end, end)
  }
  return builder.finish()
}

// The library exports no function that makes a normalizer of a definition, but a whole tokenizer does.
function libraryNormalizer(step: Step): Normalizer {
  const parts = {
    model: { type: 'WordLevel', vocab: { '': 0 } },
    added_tokens: [],
    normalizer: step,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null
  }
  return new Library(parts, {}).normalizer!
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function prepended(text: AlignedText, prefix: string): AlignedText {
  if (text.text === '') return text
  const builder = alignedBuilder()
  builder.add(prefix, text.starts[0]!, text.starts[0]!)
  builder.keep(text, 0, text.text.length)
  return builder.finish()
}

function replacement(step: Step): AlignedNormalizer {
  const { pattern } = new ReplaceNormalizer(
    step as unknown as ConstructorParameters<typeof ReplaceNormalizer>[0]
  )
  const content = stringOf(step['content'])
  return text => {
    if (!pattern) return text
    const builder = alignedBuilder()
    let from = 0
    for (const match of text.text.matchAll(pattern)) {
      const to = match.index + match[0].length
      builder.keep(text, from, match.index)
      const { start, end } = sourceSpan(text, match.index, to)
      builder.add(content, start, end)
      from = to
    }
    if (from === 0) return text
    builder.keep(text, from, text.text.length)
    return builder.finish()
  }
}

function stripped(text: AlignedText, left: boolean, right: boolean): AlignedText {
  const from = left ? text.text.length - text.text.trimStart().length : 0
  const to = right ? text.text.trimEnd().length : text.text.length
  return sliceAligned(text, from, Math.max(from, to))
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
  if (local.text === whole) return local
  // The reference lower-cases letter by letter, where the language knows a final sigma.
  if (local.text.length === whole.length) return local
  return alignedByEnds(text, whole)
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
