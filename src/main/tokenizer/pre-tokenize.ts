import { SplitPreTokenizer } from '@huggingface/tokenizers'
import { alignedBuilder, sourceSpan, type AlignedText } from './aligned-text.ts'
import { bytesToCharacters } from './byte-level.ts'
import { flatSteps, type Step } from './definition.ts'
import { splitAt, type SplitBehavior } from './split.ts'
import { LamellaError } from '#common/model/errors.ts'

/** Cuts a normalized text into the words that the model splits further, one by one. */
export type AlignedPreTokenizer = (text: AlignedText) => AlignedText[]

/**
 * The pre-tokenizer of a definition; without one the whole text is one word.
 * @throws LamellaError `unsupported` naming a type that is not known
 */
export function alignedPreTokenizer(definition: Step | null, file: string): AlignedPreTokenizer {
  const steps = flatSteps(definition, 'pretokenizers').map(step => alignedStep(step, file))
  return text =>
    steps.reduce((words, apply) => words.flatMap(apply), [text]).filter(word => word.text !== '')
}

const whiteSpace = /\p{White_Space}/gu
const punctuation = /[\p{P}!-/:-@[-`{-~]/gu
const words =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{White_Space}]+/gu
const gpt2 = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

function alignedStep(step: Step, file: string): AlignedPreTokenizer {
  switch (step.type) {
    case 'ByteLevel':
      return text => byteLevel(text, step)
    case 'Metaspace':
      return text => metaspace(text, step)
    case 'Split':
      return split(step)
    case 'Whitespace':
      return text => splitAt(text, words, 'Removed', true)
    case 'WhitespaceSplit':
      return text => splitAt(text, whiteSpace, 'Removed')
    case 'BertPreTokenizer':
      return text =>
        splitAt(text, whiteSpace, 'Removed').flatMap(word => splitAt(word, punctuation, 'Isolated'))
    case 'Punctuation':
      return text => splitAt(text, punctuation, behaviorOf(step))
    case 'Digits': {
      const behavior = step['individual_digits'] === true ? 'Isolated' : 'Contiguous'
      return text => splitAt(text, /\p{N}/gu, behavior)
    }
    case 'FixedLength': {
      const length = Math.max(1, Math.floor(Number(step['length']) || 1))
      return text => splitAt(text, new RegExp(`[^]{1,${length}}`, 'gu'), 'Isolated')
    }
    default:
      throw new LamellaError('unsupported', `${file}: unknown pre-tokenizer ${step.type}`)
  }
}

function behaviorOf(step: Step): SplitBehavior {
  return (step['behavior'] as SplitBehavior | undefined) ?? 'Isolated'
}

function split(step: Step): AlignedPreTokenizer {
  // The library turns the pattern, written for another engine, into one of this language.
  const { pattern } = new SplitPreTokenizer({
    ...step,
    invert: true
  } as unknown as ConstructorParameters<typeof SplitPreTokenizer>[0])
  if (!pattern) return text => [text]
  return text => splitAt(text, pattern, behaviorOf(step), step['invert'] === true)
}

/** Splits as GPT-2 does and writes every byte of each word as one printable character. */
function byteLevel(text: AlignedText, step: Step): AlignedText[] {
  const spaced =
    step['add_prefix_space'] === true && !text.text.startsWith(' ') ? withPrefix(text, ' ') : text
  const parts = step['use_regex'] === false ? [spaced] : splitAt(spaced, gpt2, 'Isolated')
  return parts.map(part => {
    const builder = alignedBuilder()
    let unit = 0
    for (const character of part.text) {
      const { start, end } = sourceSpan(part, unit, unit + character.length)
      builder.add(bytesToCharacters(character), start, end)
      unit += character.length
    }
    return builder.finish()
  })
}

/** Marks where words start with `▁` in place of the space before them. */
function metaspace(text: AlignedText, step: Step): AlignedText[] {
  const mark = markOf(step)
  const marked: AlignedText = { ...text, text: text.text.replaceAll(' ', mark) }
  const scheme = step['prepend_scheme'] ?? (step['add_prefix_space'] === false ? 'never' : 'always')
  const prefixed =
    !marked.text.startsWith(mark) &&
    (scheme === 'always' || (scheme === 'first' && text.starts[0] === 0))
  const whole = prefixed ? withPrefix(marked, mark) : marked
  if (step['split'] === false) return [whole]
  return splitAt(whole, new RegExp(RegExp.escape(mark), 'gu'), 'MergedWithNext')
}

/** The character that stands for a space; one UTF-16 unit, so that offsets stay. */
function markOf(step: Step): string {
  const mark = step['replacement']
  return typeof mark === 'string' && mark.length === 1 ? mark : '▁'
}

function withPrefix(text: AlignedText, prefix: string): AlignedText {
  const builder = alignedBuilder()
  const { start } = sourceSpan(text, 0, 0)
  builder.add(prefix, start, start)
  builder.keep(text, 0, text.text.length)
  return builder.finish()
}
