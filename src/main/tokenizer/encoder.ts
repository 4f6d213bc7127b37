import { Tokenizer as Library } from '@huggingface/tokenizers'
import { LamellaError } from '#common/contract/errors.ts'
import type { Token } from '#common/contract/schemas.ts'
import { sectionSplitter, type SectionSplitter } from './added-tokens.ts'
import { alignedSource, sourceSpan } from './aligned-text.ts'
import { invalid, type TokenizerDefinition } from './definition.ts'
import { alignedNormalizer, normalizedText, type AlignedNormalizer } from './normalize.ts'
import { pieceText } from './piece-text.ts'
import { alignedPreTokenizer, type AlignedPreTokenizer } from './pre-tokenize.ts'
import { encodingLimit, withinTime } from './time-limit.ts'
import { wordSplitter, type PlacedId, type WordSplitter } from './word-pieces.ts'

type Model = NonNullable<Library['model']>

/** Reads text the way one model was trained to. */
export interface Tokenizer {
  /** How it splits words: `BPE`, `WordPiece`, `Unigram`, `WordLevel`, `characters`. */
  readonly kind: string
  /** One more than the highest id. */
  readonly vocabularySize: number
  /**
   * The tokens of a text. Tokens that are parts of one character share its offsets; tokens that stand for
   * nothing in the text have an empty span.
   * @param options.specials add what the model expects around a text, such as `[CLS]`; as
   *   `transformers` does, it is added unless this is false
   * @throws LamellaError when a character has no token, or when encoding takes too long
   */
  encode(text: string, options?: { readonly specials?: boolean }): Promise<Token[]>
  /** Ids as tokens, all at offset 0; an id that is not in the vocabulary has the piece `#id`. */
  describe(ids: readonly number[]): Token[]
  /** The text that ids stand for together, special tokens included. */
  decode(ids: readonly number[]): string
}

/** The parts of a tokenizer, in the order a text passes through them. */
interface Pipeline {
  readonly rawSections: SectionSplitter
  readonly normalize: AlignedNormalizer
  readonly normalizedSections: SectionSplitter
  readonly preTokenize: AlignedPreTokenizer
  readonly splitWord: WordSplitter
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
  const model = library.model!
  const pipeline = named(file, () => pipelineOf(definition, model, file))
  const around = named(file, () => surroundings(library))
  const token = tokenDescriber(definition, model)
  return {
    kind,
    vocabularySize: model.vocab.length,
    // eslint-disable-next-line @typescript-eslint/require-await -- callers may not rely on one thread
    async encode(text, { specials = true } = {}) {
      const placed = withinTime(
        encodingLimit,
        `Splitting ${text.length} characters into tokens`,
        () => encoded(text, pipeline)
      )
      const [before, after] = specials ? around : [[], []]
      return [
        ...before.map(id => ({ ...token(id), start: 0, end: 0 })),
        ...placed.map(({ id, start, end }) => ({ ...token(id), start, end })),
        ...after.map(id => ({ ...token(id), start: text.length, end: text.length }))
      ]
    },
    describe: ids => ids.map(id => ({ ...token(id), start: 0, end: 0 })),
    decode: ids =>
      ids.length === 0 ? '' : library.decode([...ids], { clean_up_tokenization_spaces: false })
  }
}

function libraryTokenizer(definition: TokenizerDefinition): Library {
  // Only a word-level model takes its unknown token from the second argument.
  return new Library(definition, { unk_token: definition.model['unk_token'] })
}

function pipelineOf(definition: TokenizerDefinition, model: Model, file: string): Pipeline {
  const normalize = alignedNormalizer(definition.normalizer)
  const { added_tokens: tokens } = definition
  return {
    rawSections: sectionSplitter(
      tokens.filter(token => !token.normalized).map(token => [token.content, token])
    ),
    normalize,
    normalizedSections: sectionSplitter(
      tokens
        .filter(token => token.normalized)
        .map(token => [normalizedText(normalize, token.content), token])
    ),
    preTokenize: alignedPreTokenizer(definition.pre_tokenizer, file),
    splitWord: wordSplitter(model, definition.model)
  }
}

function encoded(text: string, pipeline: Pipeline): PlacedId[] {
  const ids: PlacedId[] = []
  const addToken = (id: number, section: ReturnType<typeof alignedSource>) =>
    ids.push({ id, ...sourceSpan(section, 0, section.text.length) })
  for (const raw of pipeline.rawSections(alignedSource(text))) {
    if (raw.token) {
      addToken(raw.token.id, raw.text)
      continue
    }
    for (const section of pipeline.normalizedSections(pipeline.normalize(raw.text))) {
      if (section.token) addToken(section.token.id, section.text)
      else
        for (const word of pipeline.preTokenize(section.text))
          for (const placed of pipeline.splitWord(word)) ids.push(placed)
    }
  }
  return ids
}

/** The ids that the post-processor puts before and after a text. */
function surroundings(library: Library): readonly [number[], number[]] {
  const placeholder = '\0'
  const tokens = library.post_processor?.post_process([placeholder], null, true).tokens ?? [
    placeholder
  ]
  const at = tokens.indexOf(placeholder)
  const id = (token: string) => {
    const found = library.token_to_id(token)
    if (found === undefined)
      throw new LamellaError('file-invalid', `special token ${token} is not in the vocabulary`)
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
  const textOf = pieceText(definition)
  return id => {
    const token = added.get(id)
    if (token) return { id, piece: token.content, text: token.content, special: token.special }
    const piece = Number.isInteger(id) && id >= 0 ? model.vocab[id] : undefined
    if (piece === undefined) return { id, piece: `#${id}`, text: `#${id}`, special: false }
    return { id, piece, text: textOf(piece), special: false }
  }
}

/** Runs code of the library and names the file in what it throws. */
function named<T>(file: string, work: () => T): T {
  try {
    return withinTime(5000, `${file}: reading the tokenizer`, work)
  } catch (thrown) {
    if (thrown instanceof LamellaError) {
      if (thrown.message.startsWith(file)) throw thrown
      return invalid(file, thrown.message)
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    if (/^Unknown \w+ type/.test(message))
      throw new LamellaError('unsupported', `${file}: ${message}`)
    return invalid(file, message)
  }
}
