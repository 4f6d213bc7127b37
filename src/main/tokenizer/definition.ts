import { LamellaError } from '#common/model/errors.ts'
import { firstLetters } from '#common/text/cut-short.ts'

/** One step of a tokenizer.json: a normalizer, a pre-tokenizer, a post-processor or a decoder. */
export interface Step {
  readonly type: string
  readonly [key: string]: unknown
}

/** A token that is looked for in the text before anything else is. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special: boolean
  /** Looked for in the normalized text instead of the text as typed. */
  readonly normalized: boolean
  /** Takes the white space on its left, or right, with it. */
  readonly lstrip: boolean
  readonly rstrip: boolean
  /** Only where no word character touches it. */
  readonly single_word: boolean
}

/** A piece that no text is split into. */
export interface HiddenPiece {
  readonly id: number
  readonly piece: string
  readonly special: boolean
}

/** What a tokenizer is, in the terms of tokenizer.json. Other formats are turned into this one. */
export interface TokenizerDefinition {
  readonly model: Step
  readonly added_tokens: readonly AddedToken[]
  readonly normalizer: Step | null
  readonly pre_tokenizer: Step | null
  readonly post_processor: Step | null
  readonly decoder: Step | null
  readonly hidden?: readonly HiddenPiece[]
  /** What its file says that is not done, in sentences. */
  readonly notes?: readonly string[]
  /** Of a SentencePiece model of pairs: what neighbours may be joined to, the best with the lowest rank. */
  readonly pieceRanks?: ReadonlyMap<string, number>
  /** Of the same: pieces that are found first, and are joined to nothing. */
  readonly frozen?: readonly string[]
}

/** Most entries a vocabulary may have, and one more than its highest id. */
export const vocabularyLimit = 2 ** 21

/**
 * Checks a parsed tokenizer.json.
 * @param file its name, for messages
 * @throws LamellaError `file-invalid` when it is no tokenizer or its ids are not usable
 */
export function parseDefinition(json: unknown, file: string): TokenizerDefinition {
  const root = record(json) ?? invalid(file, 'expected an object')
  const model = record(root['model']) ?? invalid(file, 'expected an object under "model"')
  checkVocabulary(model['vocab'], file)
  checkUnknown(model, file)
  const type = typeof model['type'] === 'string' ? model['type'] : inferredType(model)
  return {
    model: { ...model, type },
    added_tokens: numbered(addedTokens(root['added_tokens'], file), model['vocab']),
    normalizer: step(root, 'normalizer', file),
    pre_tokenizer: step(root, 'pre_tokenizer', file),
    post_processor: step(root, 'post_processor', file),
    decoder: step(root, 'decoder', file),
    notes: notesOf(root, file)
  }
}

/** What is said for many texts at once, and does not belong to one that is looked at. */
function notesOf(root: Readonly<Record<string, unknown>>, file: string): string[] {
  const { max_length: longest } = record(root['truncation']) ?? {}
  return [
    ...(typeof longest === 'number'
      ? [`${file} cuts texts after ${longest} tokens: here they are not cut.`]
      : []),
    ...(record(root['padding'])
      ? [`${file} fills texts up with padding: here nothing is added to them.`]
      : [])
  ]
}

/**
 * The steps of a definition in order, with nested sequences laid out flat.
 * @param key where a `Sequence` keeps its steps
 */
export function flatSteps(root: Step | null, key: string): Step[] {
  const steps: Step[] = []
  const rest: unknown[] = [root]
  while (rest.length > 0) {
    const next = record(rest.pop())
    if (!next) continue
    const inner = next['type'] === 'Sequence' ? next[key] : undefined
    if (Array.isArray(inner)) rest.push(...(inner as unknown[]).toReversed())
    else steps.push(next as unknown as Step)
  }
  return steps
}

/** The value as a plain record, or undefined. */
export function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

/** Throws the error for a file that is not what its name says. */
export function invalid(file: string, problem: string): never {
  throw new LamellaError('file-invalid', `${file}: ${problem}`)
}

function checkVocabulary(vocabulary: unknown, file: string): void {
  if (Array.isArray(vocabulary)) {
    const entries = vocabulary as unknown[]
    checkSize(entries.length, file)
    const wrong = entries.findIndex(
      entry => !Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'number'
    )
    if (wrong >= 0) invalid(file, `vocabulary entry ${wrong}: expected a piece and its score`)
    return
  }
  checkIdTable(
    record(vocabulary) ?? invalid(file, 'expected a vocabulary under "model.vocab"'),
    file
  )
}

/**
 * Checks how many entries a vocabulary of ids by their pieces has, and the ids.
 * @returns the pieces
 * @throws LamellaError `file-invalid`
 */
export function checkIdTable(
  vocabulary: Readonly<Record<string, unknown>>,
  file: string
): string[] {
  const pieces = Object.keys(vocabulary)
  checkSize(pieces.length, file)
  checkIds(entriesOf(vocabulary, pieces), file)
  return pieces
}

/** Of millions of keys Object.entries takes twice as long. */
function* entriesOf<T>(
  table: Readonly<Record<string, T>>,
  keys: readonly string[]
): Generator<readonly [string, T]> {
  for (const key of keys) yield [key, table[key]!]
}

/** The pieces of a model's vocabulary with their ids: of one that was checked, a table or a list of pieces and scores. */
export function* listedPieces(vocab: unknown): Generator<readonly [piece: string, id: number]> {
  if (Array.isArray(vocab))
    for (const [id, [piece]] of (vocab as [string, number][]).entries()) yield [piece, id]
  else {
    const table = vocab as Readonly<Record<string, number>>
    yield* entriesOf(table, Object.keys(table))
  }
}

/** Checks what stands for the parts of a text that have no token. */
function checkUnknown(model: Record<string, unknown>, file: string): void {
  const { unk_token: token = null, unk_id: id = null } = model
  if (token !== null && typeof token !== 'string')
    invalid(file, `expected a text under "model.unk_token", got ${shown(token)}`)
  if (id !== null && !(Number.isInteger(id) && Number(id) >= 0))
    invalid(file, `expected a whole number under "model.unk_id", got ${shown(id)}`)
}

/**
 * Checks that every id is a whole number, within the limit, and given once.
 * @throws LamellaError `file-invalid`
 */
export function checkIds(
  entries: Iterable<readonly [piece: string, id: unknown]>,
  file: string
): void {
  const taken = new Map<number, string>()
  for (const [piece, id] of entries) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= vocabularyLimit)
      invalid(
        file,
        `id of ${shown(piece)}: expected a whole number below ${vocabularyLimit}, got ${shown(id)}`
      )
    const other = taken.get(id)
    if (other !== undefined && other !== piece)
      invalid(file, `duplicate id ${id}: ${shown(other)} and ${shown(piece)}`)
    taken.set(id, piece)
  }
}

/** @throws LamellaError `file-invalid` when a vocabulary is empty or has too many entries */
export function checkSize(entries: number, file: string): void {
  if (entries === 0) invalid(file, 'the vocabulary is empty')
  if (entries > vocabularyLimit)
    invalid(file, `vocabulary of ${entries} entries exceeds the limit of ${vocabularyLimit}`)
}

/** A value of a file as a message shows it: short, and without control characters. */
export function shown(value: unknown): string {
  // Lists and objects may be too deep to be written out.
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object'
  const text = (JSON.stringify(value) ?? 'nothing').replace(
    /[\p{Cc}\p{Cf}\p{Cs}]/gu,
    character => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`
  )
  return text.length > 60 ? `${firstLetters(text, 57)}…` : text
}

function inferredType(model: Record<string, unknown>): string {
  if (Array.isArray(model['vocab'])) return 'Unigram'
  if (Array.isArray(model['merges'])) return 'BPE'
  return 'continuing_subword_prefix' in model ? 'WordPiece' : 'WordLevel'
}

function step(root: Record<string, unknown>, key: string, file: string): Step | null {
  const value = root[key]
  if (value === undefined || value === null) return null
  const found = record(value)
  if (typeof found?.['type'] !== 'string')
    return invalid(file, `expected a step with a type under "${key}", got ${shown(value)}`)
  return found as unknown as Step
}

function addedTokens(value: unknown, file: string): AddedToken[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return invalid(file, 'expected a list under "added_tokens"')
  const tokens = (value as unknown[]).map((entry, index) => {
    const token = record(entry)
    const content = token?.['content']
    if (!token || typeof content !== 'string' || content === '')
      return invalid(file, `added token ${index}: expected an id and its content`)
    return addedToken(token['id'] as number, content, token)
  })
  checkSize(Math.max(tokens.length, 1), file)
  checkIds(
    tokens.map(token => [token.content, token.id]),
    file
  )
  return tokens
}

/**
 * A definition with more added tokens where it lacks them.
 * @param more each with any id
 * @throws LamellaError `file-invalid` where there are too many
 */
export function withTokens(
  definition: TokenizerDefinition,
  more: readonly AddedToken[],
  file: string
): TokenizerDefinition {
  const tokens = new Map(definition.added_tokens.map(token => [token.content, token]))
  for (const token of more) if (!tokens.has(token.content)) tokens.set(token.content, token)
  if (tokens.size === definition.added_tokens.length) return definition
  checkSize(tokens.size, file)
  return { ...definition, added_tokens: numbered([...tokens.values()], definition.model['vocab']) }
}

/**
 * Added tokens with the ids that the `tokenizers` library gives them: of a piece of the model its own, of others the next ones
 * after the vocabulary, whatever the file says.
 */
function numbered(tokens: readonly AddedToken[], vocab: unknown): AddedToken[] {
  if (tokens.length === 0) return []
  const ids = new Map(listedPieces(vocab))
  let next = ids.size
  return tokens.map(token => {
    const id = ids.get(token.content) ?? next
    ids.set(token.content, id)
    next = Math.max(next, id + 1)
    return { ...token, id }
  })
}

/** An added token with what its file leaves out filled in. */
export function addedToken(
  id: number,
  content: string,
  flags: Readonly<Record<string, unknown>> = {}
): AddedToken {
  const special = flags['special'] === true
  return {
    id,
    content,
    special,
    normalized: typeof flags['normalized'] === 'boolean' ? flags['normalized'] : !special,
    lstrip: flags['lstrip'] === true,
    rstrip: flags['rstrip'] === true,
    single_word: flags['single_word'] === true
  }
}
