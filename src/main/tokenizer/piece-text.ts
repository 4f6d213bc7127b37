import { byteText, charactersToText, fallbackByte } from './byte-level.ts'
import { flatSteps, type TokenizerDefinition } from './definition.ts'

/** The characters that one piece of a vocabulary stands for. */
export type PieceText = (piece: string) => string

/**
 * How a tokenizer's pieces read as text, each on its own: `Ġthe` is ` the`, `##ing` is `ing`, bytes that
 * are no whole character are U+FFFD.
 */
export function pieceText(definition: TokenizerDefinition): PieceText {
  const steps = [
    ...flatSteps(definition.decoder, 'decoders'),
    ...flatSteps(definition.pre_tokenizer, 'pretokenizers')
  ]
  const has = (type: string) => steps.some(step => step.type === type)
  const { continuing_subword_prefix: prefix, end_of_word_suffix: suffix, type } = definition.model
  const ending = type === 'FastBPE' ? '@@' : suffix
  const whole = (piece: string) =>
    typeof ending === 'string' && ending !== '' && piece.endsWith(ending)
      ? piece.slice(0, -ending.length)
      : piece
  if (has('ByteLevel')) return piece => charactersToText(whole(piece)) ?? piece
  if (type === 'WordPiece' && typeof prefix === 'string' && prefix !== '')
    return piece => (piece.startsWith(prefix) ? piece.slice(prefix.length) : piece)
  if (typeof ending === 'string' && ending !== '') return whole
  const mark = spaceMark(steps)
  return piece => {
    const byte = definition.model['byte_fallback'] === true ? fallbackByte(piece) : null
    if (byte !== null) return byteText(byte)
    return mark === null ? piece : piece.replaceAll(mark, ' ')
  }
}

/** The character that stands for a space, or null. */
function spaceMark(steps: readonly Record<string, unknown>[]): string | null {
  for (const step of steps) {
    if (step['type'] === 'Metaspace')
      return typeof step['replacement'] === 'string' ? step['replacement'] : '▁'
    const pattern = step['pattern'] as { String?: unknown } | undefined
    if (
      step['type'] === 'Replace' &&
      step['content'] === ' ' &&
      typeof pattern?.String === 'string'
    )
      return pattern.String
  }
  return null
}
