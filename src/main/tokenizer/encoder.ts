import { setImmediate as immediate } from 'node:timers/promises'
import { BPE, Tokenizer as Library } from '@huggingface/tokenizers'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import type { ExplainedPart, TextExplanation } from '#common/model/text-explanation.ts'
import { idToken, type Token } from '#common/model/token.ts'
import { invalid, shown, type TokenizerDefinition } from './definition.ts'
import { pieceText } from './piece-text.ts'
import { sourceSpan } from './aligned-text.ts'
import { wordExplanation } from './explain-word.ts'
import { isWord, textStretches, type TextPart } from './pipeline.ts'
import { encodingLimit, makingLimit, withinTime } from './time-limit.ts'
import { wordSplitter, type PlacedId, type WordSplitter } from './word-pieces.ts'

/** Longest that a long text holds the thread at a time, in ms. */
const sliceLength = 40

type Model = NonNullable<Library['model']>

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
  const library = named(file, () => libraryTokenizer(definition))
  const { stretchesOf, around } = named(file, () =>
    withinTime(makingLimit, 'reading it', () => ({
      stretchesOf: textStretches(definition, file),
      around: surroundings(library)
    }))
  )
  const model = library.model!
  const splitWord = wordSplitter(model, definition.model)
  const token = tokenDescriber(definition, model)
  return {
    kind,
    vocabularySize: model.vocab.length,
    async encode(text, { specials = true, signal } = {}) {
      const what = `${file}: splitting ${text.length} characters into tokens`
      const parts = withinTime(encodingLimit, what, () =>
        stretchesOf(text).flatMap(({ parts }) => parts)
      )
      const placed = await placedIds(parts, splitWord, what, signal)
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
        const placed = isAdded ? [part] : splitWord(part)
        return {
          ...{ text: own, start, end, added: isAdded },
          tokens: placed.map(({ id, ...place }) => ({ ...token(id), ...place })),
          ...(isAdded ? { merges: null, path: null } : wordExplanation(model, own))
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
      const known = ids.filter(id => model.vocab[id] !== undefined)
      if (known.length === 0) return ''
      return withinTime(encodingLimit, `${file}: joining ${known.length} tokens`, () =>
        library.decode(known, { clean_up_tokenization_spaces: false })
      )
    }
  }
}

/** What splits words. It runs no pattern of the file, and takes as long as a vocabulary is large. */
function libraryTokenizer(definition: TokenizerDefinition): Library {
  const { type, continuing_subword_prefix: prefix } = definition.model
  if (type === 'BPE' && typeof prefix === 'string' && prefix !== '')
    throw new LamellaError('unsupported', `pairs with a prefix (${shown(prefix)}) are not read`)
  // Only a word-level model takes its unknown token from the second argument.
  const added_tokens = definition.added_tokens.map(token => ({ ...token, normalized: false }))
  const library = new Library(
    { ...definition, added_tokens },
    { unk_token: definition.model['unk_token'] }
  )
  const model = library.model!
  const ranks = definition.mergeRanks
  if (model instanceof BPE && ranks)
    model.bpe_ranks = new Map(
      model.merges.map((pair, index) => [JSON.stringify(pair), ranks[index]!])
    )
  for (const { id, piece } of definition.hidden ?? []) {
    model.vocab[id] = piece
    model.tokens_to_ids.set(piece, id)
  }
  return library
}

/** Splits words one after another, and lets others have the thread in between. */
async function placedIds(
  parts: readonly TextPart[],
  splitWord: WordSplitter,
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
        found[found.length] = isWord(part) ? splitWord(part) : [part]
        if (performance.now() >= pause) return
      }
    })
    if (found.length === parts.length) return found.flat()
    await immediate()
    if (signal?.aborted) throw cancelled()
  }
}

/** The ids that the post-processor puts before and after a text. */
function surroundings(library: Library): readonly [number[], number[]] {
  const placeholder = '\0'
  const tokens = library.post_processor?.post_process([placeholder], null, true).tokens ?? [
    placeholder
  ]
  const at = tokens.indexOf(placeholder)
  if (at < 0 || at !== tokens.lastIndexOf(placeholder))
    throw new LamellaError(
      'file-invalid',
      `post_processor ${at < 0 ? 'leaves out the text' : 'has the text more than once'}`
    )
  const id = (token: string) => {
    const found = library.token_to_id(token)
    if (found === undefined)
      throw new LamellaError(
        'file-invalid',
        `post_processor adds ${shown(token)}, which is not in the vocabulary`
      )
    return found
  }
  return [tokens.slice(0, at).map(id), tokens.slice(at + 1).map(id)]
}

/** Describes an id without its place in a text. */
function tokenDescriber(
  definition: TokenizerDefinition,
  model: Model
): (id: number) => Pick<Token, 'id' | 'piece' | 'text' | 'special'> {
  const added = new Map(definition.added_tokens.map(token => [token.id, token]))
  const hidden = new Map(definition.hidden?.map(piece => [piece.id, piece.special]))
  const textOf = pieceText(definition)
  return id => {
    const token = added.get(id)
    if (token) return { id, piece: token.content, text: token.content, special: token.special }
    const piece = Number.isInteger(id) && id >= 0 ? model.vocab[id] : undefined
    if (piece === undefined) return idToken(id)
    const special = hidden.get(id) ?? false
    return { id, piece, text: special ? piece : textOf(piece), special }
  }
}

/** Runs code of the library and names the file in what it throws. */
function named<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof LamellaError) {
      if (thrown.message.startsWith(file)) throw thrown
      throw new LamellaError(thrown.code, `${file}: ${thrown.message}`, thrown.hint)
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    if (/^Unknown \w+ type/.test(message))
      throw new LamellaError('unsupported', `${file}: ${message}`)
    return invalid(file, message)
  }
}
