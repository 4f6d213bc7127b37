import { setImmediate as immediate } from 'node:timers/promises'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import type { ExplainedPart, TextExplanation } from '#common/model/text-explanation.ts'
import { idToken, type Token } from '#common/model/token.ts'
import { sourceSpan } from './aligned-text.ts'
import { textDecoder } from './decoders.ts'
import { invalid, type TokenizerDefinition } from './definition.ts'
import { alignedNormalizer, normalizedText } from './normalize.ts'
import { wordModel } from './models.ts'
import { pieceText } from './piece-text.ts'
import { isWord, textStretches, type TextPart } from './pipeline.ts'
import { encodingLimit, makingLimit, withinTime } from './time-limit.ts'
import { surroundings } from './post-processors.ts'
import { vocabularyOf, type Vocabulary } from './vocabulary.ts'
import { placedParts, type PlacedId, type WordModel } from './word-model.ts'

/** Longest that a long text holds the thread at a time, in ms. */
const sliceLength = 40

/** How a text is encoded. */
export interface EncodeOptions {
  /**
   * Add what the model expects around a text, such as `[CLS]`. As `transformers` does, it is added unless
   * this is false.
   */
  readonly specials?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads text the way one model was trained to. */
export interface Tokenizer {
  /** How it splits words: `BPE`, `WordPiece`, `Unigram`, `WordLevel`, `characters`. */
  readonly kind: string
  /** One more than the highest id. */
  readonly vocabularySize: number
  /** What its file says that is not done, or is taken for granted, in sentences. */
  readonly notes: readonly string[]
  /**
   * The tokens of a text. Tokens that are parts of one character share its offsets; tokens that stand for
   * nothing in the text have an empty span.
   * @throws LamellaError when a character has no token, when a pattern takes too long, when cancelled
   */
  encode(text: string, options?: EncodeOptions): Promise<Token[]>
  /**
   * How a text becomes its tokens.
   * @throws LamellaError as `encode` does
   */
  explain(text: string): TextExplanation
  /** Ids as tokens, all at offset 0; an id that is not in the vocabulary has the piece `#id`. */
  describe(ids: readonly number[]): Token[]
  /** The text that ids stand for together, special tokens included; ids of no token are left out. */
  decode(ids: readonly number[]): string
}

/**
 * The tokenizer that a definition describes.
 * @param file where it came from, for messages
 * @param kind its name for users; the model's type when left out
 * @throws LamellaError when a part of it is not known
 */
export function tokenizerOf(
  definition: TokenizerDefinition,
  file: string,
  kind = definition.model.type
): Tokenizer {
  // As long as its size, which is bounded, takes; what is made of patterns and pieces may take for ever.
  const vocabulary = vocabularyOf(definition)
  const { model, stretchesOf, around, textOf, spellings } = named(file, () =>
    withinTime(makingLimit, 'reading it', () => ({
      model: wordModel(definition, vocabulary),
      stretchesOf: textStretches(definition),
      around: surroundings(definition.post_processor, vocabulary.pieces),
      textOf: textDecoder(definition.decoder),
      spellings: decodedSpellings(definition, vocabulary)
    }))
  )
  const token = tokenDescriber(definition, vocabulary)
  return {
    kind,
    vocabularySize: vocabulary.pieces.length,
    notes: definition.notes ?? [],
    async encode(text, { specials = true, signal } = {}) {
      const what = `${file}: splitting ${text.length} characters into tokens`
      const parts = withinTime(encodingLimit, what, () =>
        stretchesOf(text).flatMap(({ parts }) => parts)
      )
      const placed = await placedIds(parts, model, what, signal)
      const [before, after] = specials ? around : [[], []]
      return [
        ...before.map(id => ({ ...token(id), start: 0, end: 0 })),
        ...placed.map(({ id, ...place }) => ({ ...token(id), ...place })),
        ...after.map(id => ({ ...token(id), start: text.length, end: text.length }))
      ]
    },
    explain(text) {
      const what = `${file}: explaining ${text.length} characters`
      const part = (part: TextPart): ExplainedPart => {
        const isAdded = !isWord(part)
        const own = isAdded ? token(part.id).piece : part.text
        const { start, end } = isAdded ? part : sourceSpan(part, 0, part.text.length)
        const placed = isAdded ? [part] : placedParts(model, part)
        return {
          ...{ text: own, start, end, added: isAdded },
          tokens: placed.map(({ id, ...place }) => ({ ...token(id), ...place })),
          ...(isAdded ? { merges: null, path: null } : model.explain(own))
        }
      }
      return withinTime(encodingLimit, what, () => {
        const stretches = stretchesOf(text)
        const [before, after] = around
        return {
          kind,
          normalized: stretches.map(({ normalized }) => normalized).join(''),
          parts: stretches.flatMap(({ parts }) => parts.map(part)),
          before: before.map(id => ({ ...token(id), start: 0, end: 0 })),
          after: after.map(id => ({ ...token(id), start: text.length, end: text.length }))
        }
      })
    },
    describe: ids => ids.map(id => ({ ...token(id), start: 0, end: 0 })),
    decode(ids) {
      const known = ids.map(id => spellings[id]).filter(piece => piece !== undefined)
      if (known.length === 0) return ''
      return withinTime(encodingLimit, `${file}: joining ${known.length} tokens`, () =>
        textOf(known)
      )
    }
  }
}

/** [id] What the decoder is given: added tokens that are looked for in normalized text as that has them. */
function decodedSpellings(
  { added_tokens, normalizer }: TokenizerDefinition,
  { pieces }: Vocabulary
): Vocabulary['pieces'] {
  const normalized = added_tokens.filter(token => token.normalized)
  if (normalizer === null || normalized.length === 0) return pieces
  const normalize = alignedNormalizer(normalizer)
  const spellings = [...pieces]
  for (const { id, content } of normalized) spellings[id] = normalizedText(normalize, content)
  return spellings
}

/** Splits words one after another, and lets others have the thread in between. */
async function placedIds(
  parts: readonly TextPart[],
  model: WordModel,
  what: string,
  signal: AbortSignal | undefined
): Promise<PlacedId[]> {
  /** [part] its tokens */
  const found: (readonly PlacedId[])[] = []
  for (;;) {
    const pause = performance.now() + sliceLength
    withinTime(encodingLimit, what, () => {
      while (found.length < parts.length) {
        const part = parts[found.length]!
        found[found.length] = isWord(part) ? placedParts(model, part) : [part]
        if (performance.now() >= pause) return
      }
    })
    if (found.length === parts.length) return found.flat()
    await immediate()
    if (signal?.aborted) throw cancelled()
  }
}

/** Describes an id without its place in a text. */
function tokenDescriber(
  definition: TokenizerDefinition,
  { pieces }: Vocabulary
): (id: number) => Pick<Token, 'id' | 'piece' | 'text' | 'special'> {
  const added = new Map(definition.added_tokens.map(token => [token.id, token]))
  const hidden = new Map(definition.hidden?.map(piece => [piece.id, piece.special]))
  const textOf = pieceText(definition)
  return id => {
    const token = added.get(id)
    if (token) return { id, piece: token.content, text: token.content, special: token.special }
    const piece = Number.isInteger(id) && id >= 0 ? pieces[id] : undefined
    if (piece === undefined) return idToken(id)
    const special = hidden.get(id) ?? false
    return { id, piece, text: special ? piece : textOf(piece), special }
  }
}

/** Names the file in what is thrown. */
function named<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof LamellaError) {
      if (thrown.message.startsWith(file)) throw thrown
      throw new LamellaError(thrown.code, `${file}: ${thrown.message}`, thrown.hint)
    }
    return invalid(file, thrown instanceof Error ? thrown.message : String(thrown))
  }
}
