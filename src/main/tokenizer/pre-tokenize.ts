import { alignedBuilder, sourceSpan, type AlignedText } from './aligned-text.ts'
import { bytesToCharacters } from './byte-level.ts'
import { flatSteps, shown, type Step } from './definition.ts'
import { patternOf } from './patterns.ts'
import { scriptStretches } from './scripts.ts'
import { splitAt, splitBehaviors, type SplitBehavior } from './split.ts'
import { LamellaError } from '#common/model/errors.ts'

/** Cuts a normalized text into the words that the model splits further, one by one. */
export type AlignedPreTokenizer = (text: AlignedText) => AlignedText[]

/**
 * The pre-tokenizer of a definition; without one the whole text is one word.
 * @throws LamellaError `unsupported` naming a type that is not known
 */
export function alignedPreTokenizer(definition: Step | null): AlignedPreTokenizer {
  const steps = flatSteps(definition, 'pretokenizers').map(alignedStep)
  const filled = (words: AlignedText[]) => words.filter(({ text }) => text !== '')
  return text => steps.reduce((words, apply) => filled(words.flatMap(apply)), filled([text]))
}

const whiteSpace = /\p{White_Space}/gu
const punctuation = /[\p{P}!-/:-@[-`{-~]/gu
const words =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu
const gpt2 =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

function alignedStep(step: Step): AlignedPreTokenizer {
  switch (step.type) {
    case 'ByteLevel':
      return text => byteLevel(text, step)
    case 'Metaspace':
      return metaspace(step)
    case 'Split':
      return split(step)
    case 'Whitespace':
      return text => splitAt(text, words, 'Removed', true)
    case 'WhitespaceSplit':
      return text => splitAt(text, whiteSpace, 'Removed')
    case 'BertPreTokenizer':
      return text =>
        splitAt(text, whiteSpace, 'Removed').flatMap(word => splitAt(word, punctuation, 'Isolated'))
    case 'Punctuation': {
      const behavior = behaviorOf(step)
      return text => splitAt(text, punctuation, behavior)
    }
    case 'Digits': {
      const behavior = step['individual_digits'] === true ? 'Isolated' : 'Contiguous'
      return text => splitAt(text, /\p{N}/gu, behavior)
    }
    case 'CharDelimiterSplit': {
      const delimiter = new RegExp(RegExp.escape(characterOf(step, 'delimiter')), 'gu')
      return text => splitAt(text, delimiter, 'Removed')
    }
    case 'UnicodeScripts':
      return scriptStretches
    case 'FixedLength': {
      const length = Math.max(1, Math.floor(Number(step['length'] ?? 5) || 1))
      return text => splitAt(text, new RegExp(`[^]{1,${length}}`, 'gu'), 'Isolated')
    }
    default:
      throw new LamellaError('unsupported', `unknown pre-tokenizer ${step.type}`)
  }
}

function behaviorOf(step: Step): SplitBehavior {
  const behavior = step['behavior'] ?? 'Isolated'
  const known = splitBehaviors.find(name => name === behavior)
  if (known !== undefined) return known
  throw new LamellaError('unsupported', `${step.type}: unknown behavior ${shown(behavior)}`)
}

function characterOf(step: Step, key: string): string {
  const value = step[key]
  if (typeof value === 'string' && [...value].length === 1) return value
  throw new LamellaError(
    'file-invalid',
    `${step.type}: expected one character under "${key}", got ${shown(value)}`
  )
}

function split(step: Step): AlignedPreTokenizer {
  const pattern = patternOf(step)
  const behavior = behaviorOf(step)
  const inverted = step['invert'] === true
  return text => splitAt(text, pattern, behavior, inverted)
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
function metaspace(step: Step): AlignedPreTokenizer {
  const mark = characterOf({ replacement: '▁', ...step }, 'replacement')
  if (mark.length > 1)
    throw new LamellaError(
      'unsupported',
      `Metaspace: ${shown(mark)} in place of a space is not read`
    )
  const marks = new RegExp(RegExp.escape(mark), 'gu')
  const scheme = step['add_prefix_space'] === false ? 'never' : (step['prepend_scheme'] ?? 'always')
  return text => {
    // One unit for one, so that offsets stay.
    const marked: AlignedText = { ...text, text: text.text.replaceAll(' ', mark) }
    const prefixed =
      !marked.text.startsWith(mark) &&
      (scheme === 'always' || (scheme === 'first' && text.starts[0] === 0))
    const whole = prefixed ? withPrefix(marked, mark) : marked
    return step['split'] === false ? [whole] : splitAt(whole, marks, 'MergedWithNext')
  }
}

function withPrefix(text: AlignedText, prefix: string): AlignedText {
  const builder = alignedBuilder()
  const { start } = sourceSpan(text, 0, 0)
  builder.add(prefix, start, start)
  builder.keep(text, 0, text.text.length)
  return builder.finish()
}
