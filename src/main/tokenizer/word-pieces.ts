import type { Tokenizer as Library } from '@huggingface/tokenizers'
import { LamellaError } from '#common/model/errors.ts'
import { sourceSpan, type AlignedText } from './aligned-text.ts'
import { fallbackByte, fallbackPieces } from './byte-level.ts'
import type { Step } from './definition.ts'

/** One token of a word and the source span it came from. */
export interface PlacedId {
  readonly id: number
  readonly start: number
  readonly end: number
  /** It stands in for what the vocabulary does not have. */
  readonly unknown?: true
}

/** Splits one word into tokens of the vocabulary. */
export type WordSplitter = (word: AlignedText) => PlacedId[]

type Model = NonNullable<Library['model']>

/**
 * Splits words with the library's model, and finds each of its pieces in the word again. Tokens that are
 * some bytes of a character span the whole character.
 */
export function wordSplitter(model: Model, definition: Step): WordSplitter {
  const rules = surfaceRules(model, definition)
  return word => {
    const pieces = withFallback(modelPieces(model, word.text), model, definition)
    return placed(word, pieces, rules)
  }
}

function modelPieces(model: Model, word: string): string[] {
  try {
    return model([word])
  } catch (thrown) {
    // The library hands the pieces of a word on as arguments, of which there may be only so many.
    if (!(thrown instanceof RangeError)) throw thrown
    throw new LamellaError(
      'unsupported',
      `A stretch of ${word.length} characters is too long for this tokenizer`,
      'Use a shorter text'
    )
  }
}

interface SurfaceRules {
  readonly idOf: (piece: string) => number | undefined
  readonly unknownId: number | undefined
  /** What a piece looks like inside a word. */
  readonly surface: (piece: string, first: boolean) => string
  /** A run of unknown characters is one token. */
  readonly fused: boolean
  /** One unknown part makes the whole word unknown. */
  readonly wholeWords: boolean
}

function surfaceRules(model: Model, definition: Step): SurfaceRules {
  const { continuing_subword_prefix: prefix, end_of_word_suffix: suffix } = definition
  return {
    idOf: piece => model.tokens_to_ids.get(piece),
    unknownId: model.unk_token_id,
    fused: model.fuse_unk,
    wholeWords: definition.type === 'WordPiece' || definition.type === 'WordLevel',
    surface: (piece, first) => {
      if (definition.type === 'WordPiece' && typeof prefix === 'string' && !first)
        return piece.startsWith(prefix) ? piece.slice(prefix.length) : piece
      if (definition.type === 'BPE' && typeof suffix === 'string' && suffix !== '')
        return piece.endsWith(suffix) ? piece.slice(0, -suffix.length) : piece
      return piece
    }
  }
}

/** Unigram models too may write unknown characters byte by byte; the library leaves those as they are. */
function withFallback(pieces: string[], model: Model, definition: Step): string[] {
  if (definition.type !== 'Unigram' || definition['byte_fallback'] !== true) return pieces
  return pieces.flatMap(piece => {
    if (model.tokens_to_ids.has(piece)) return [piece]
    const bytes = fallbackPieces(piece)
    return bytes.every(byte => model.tokens_to_ids.has(byte)) ? bytes : [piece]
  })
}

function placed(word: AlignedText, pieces: readonly string[], rules: SurfaceRules): PlacedId[] {
  const { text } = word
  const ids: PlacedId[] = []
  let at = 0
  // Bytes of the character at `at` that earlier byte tokens stood for.
  let bytes = 0
  pieces.forEach((piece, index) => {
    const id = rules.idOf(piece)
    const surface = rules.surface(piece, index === 0)
    const isThere = text.startsWith(surface, at)
    const unknown = id === undefined || (id === rules.unknownId && !isThere)
    let to = at
    if (isThere) to = at + surface.length
    else if (id !== undefined && fallbackByte(piece) !== null) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
      const span = sourceSpan(word, at, Math.min(at + character.length, text.length))
      ids.push({ id, ...span })
      bytes++
      if (bytes === utf8Length(character)) {
        at += character.length
        bytes = 0
      }
      return
    } else if (unknown) to = unknownEnd(text, at, rules)
    else {
      // Characters without a token, in a vocabulary without an unknown one, are left out.
      at = Math.max(at, text.indexOf(surface, at))
      to = Math.min(text.length, at + surface.length)
    }
    ids.push({
      id: id ?? rules.unknownId ?? noToken(word, at, to),
      ...sourceSpan(word, at, to),
      ...(unknown && { unknown })
    })
    at = to
  })
  return ids
}

/** Where an unknown token ends: at the end of the word, of the character, or of a run of unknown ones. */
function unknownEnd(text: string, at: number, rules: SurfaceRules): number {
  if (rules.wholeWords) return text.length
  let to = at
  do to += String.fromCodePoint(text.codePointAt(to) ?? 0).length
  while (
    rules.fused &&
    to < text.length &&
    rules.idOf(String.fromCodePoint(text.codePointAt(to)!)) === undefined
  )
  return Math.min(to, text.length)
}

function utf8Length(character: string): number {
  const code = character.codePointAt(0)!
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

function noToken(word: AlignedText, at: number, to: number): never {
  const unknown = word.text.slice(at, to)
  const code = unknown.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
  const what =
    [...unknown].length === 1 ? `${JSON.stringify(unknown)} (U+${code})` : JSON.stringify(unknown)
  throw new LamellaError(
    'invalid-argument',
    `The vocabulary has no token for ${what} at position ${sourceSpan(word, at, to).start}`,
    'Leave it out, or type another character'
  )
}
