import type { Corpus } from '#common/analysis/subject.ts'
import { LamellaError, toLamellaError, type ErrorCode } from '#common/model/errors.ts'
import type { Token } from '#common/model/token.ts'
import { tokenize, tokensOfIds } from '../model/tokenize.ts'
import { sizesOf, type Runnable } from '../run/runnable.ts'
import type { CorpusSource, CorpusSources } from './corpus-sources.ts'
import { sentenceWindows } from './corpus-sentences.ts'
import {
  corpusStart,
  type CorpusPlace,
  type CorpusWindow,
  type WindowRules
} from './corpus-window.ts'
import { specialsAround, type Specials } from './specials-around.ts'
import { NotText } from './text-pieces.ts'

/** Tokens of a window of a file, where nobody says and the model takes more. */
const usualWindow = 1024

/** Of a file that is left out from where it cannot be read. */
const unreadable: ReadonlySet<ErrorCode> = new Set([
  'file-invalid',
  'file-changed',
  'file-unreadable',
  'not-found'
])

/** A corpus of which the first window has been read, so that it need not be read again. */
export interface BegunCorpus {
  readonly rules: WindowRules
  readonly first: CorpusWindow | null
  /** The windows after the first. */
  readonly rest: AsyncGenerator<CorpusWindow>
  /** What is left out before the first, and what the corpus does without, a line each. */
  readonly left: readonly string[]
  /** Whether none of that may be there another time. */
  readonly lasts: boolean
}

/** @throws LamellaError as `corpusWindows` does */
export async function beginCorpus(
  sources: CorpusSources,
  cut: Omit<WindowRules, 'leave'>
): Promise<BegunCorpus> {
  const left = [...sources.left]
  let lasts = true
  const leave: WindowRules['leave'] = (line, mayBeHad) => {
    left.push(line)
    lasts &&= !mayBeHad
  }
  const rules = { ...cut, leave }
  const rest = corpusWindows(sources, rules, corpusStart)
  const first = await rest.next()
  return { rules, first: first.done ? null : first.value, rest, left, lasts }
}

/**
 * The windows of a corpus, one after the other, from a place on. A text's special tokens stand around each window, as
 * the model expects them around a text; token ids are taken as they are. The last window of a source may be shorter;
 * of windows that have room for several, one that would hold a single token more is left out, and that is said.
 * Where sentences are wanted, each is a window.
 * @throws LamellaError when a source cannot be read, or a window is longer than the model takes
 */
export async function* corpusWindows(
  { sources }: CorpusSources,
  rules: WindowRules,
  from: CorpusPlace
): AsyncGenerator<CorpusWindow> {
  checkLengths(rules)
  const sizes = sources.map(sizeOf)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let before = sizes.slice(0, from.source).reduce((sum, size) => sum + size, 0)
  for (let source = from.source; source < sources.length; source++) {
    const own = sources[source]!
    const place = source === from.source ? from : { ...corpusStart, source }
    try {
      const whole = sizes[source]!
      const windows = rules.corpus.sentences ? sentenceWindows : sourceWindows
      for await (const { share, ...window } of windows(own, rules, place))
        yield { ...window, share: (before + share * whole) / total }
    } catch (error) {
      const { code, message } = toLamellaError(error)
      if (own.kind !== 'file' || !own.found || !unreadable.has(code)) throw error
      rules.leave(`${message}; left out from there on`, !(error instanceof NotText))
    }
    before += sizes[source]!
  }
}

/** The windows of one source; what share of it lies before each. */
async function* sourceWindows(
  source: CorpusSource,
  rules: WindowRules,
  from: CorpusPlace
): AsyncGenerator<CorpusWindow> {
  const { model, corpus } = rules
  const pieces = tokenPieces(source, rules, from)
  /** Tokens from `first` on. */
  let tokens: Token[] = []
  let first = from.token
  let starts: Piece[] = []
  let ended = false
  let { next, covered } = from
  let specials: Specials | null = null

  async function readUpTo(end: number): Promise<void> {
    while (!ended && first + tokens.length < end) {
      const piece = await pieces.next()
      if (piece.done) {
        ended = true
        return
      }
      specials ??= piece.value.specials
      const { start: bytes, end, tokens: own } = piece.value
      starts.push({ token: first + tokens.length, bytes, end, tokens: own.length })
      tokens = tokens.concat(own)
    }
  }

  await readUpTo(next + 1)
  const { before, after } = specials ?? { before: [], after: [] }
  const around = before.length + after.length
  const length = windowLength(source, model, corpus)
  const room = length === null ? Infinity : length - around
  if (room < 1)
    throw new LamellaError(
      'invalid-argument',
      `A window of ${length} tokens has no room beside the ${around} that the model expects around a text`
    )
  for (;;) {
    rules.signal.throwIfAborted()
    await readUpTo(next + room + 1)
    const end = Math.min(first + tokens.length, next + room)
    const isFirst = next === 0
    if (end <= covered || end <= next) return
    // It has nothing to attend to but itself.
    if (end - next === 1 && !isFirst && room > 1) {
      rules.leave(
        `${source.label}: token ${next}, the last, which would be a window by itself`,
        false
      )
      return
    }
    const own = tokens.slice(next - first, end - first)
    const start = next
    const overlaps = start < covered
    const share =
      source.kind === 'file'
        ? bytesBefore(start, starts) / source.size
        : start / (first + tokens.length)
    covered = end
    next = length === null ? end : next + (corpus.stride ?? room)
    // What no later window holds is let go.
    const kept = starts.findLastIndex(({ token }) => token <= next)
    if (kept > 0) {
      tokens = tokens.slice(starts[kept]!.token - first)
      first = starts[kept]!.token
      starts = starts.slice(kept)
    }
    const bytes = starts[0]?.bytes ?? 0
    const isWhole = isFirst && ended && end === first + tokens.length
    yield {
      tokens: [...before, ...own, ...after],
      label: isWhole ? source.label : `${source.label}, tokens ${start} to ${end - 1}`,
      ...(overlaps && { overlaps }),
      after: { source: from.source, bytes, token: first, next, covered },
      share
    }
  }
}

/** Where a piece of a source lies, by its tokens and by its bytes. */
interface Piece {
  /** Number of its first token. */
  readonly token: number
  readonly tokens: number
  readonly bytes: number
  readonly end: number
}

/** The bytes before a token, as if those of its piece were alike. */
function bytesBefore(token: number, pieces: readonly Piece[]): number {
  const own = pieces.findLast(piece => piece.token <= token)
  if (own === undefined) return 0
  const share = own.tokens === 0 ? 0 : (token - own.token) / own.tokens
  return own.bytes + share * (own.end - own.bytes)
}

/** Tokens of a stretch of a source, and what stands around a window of it. */
interface TokenPiece {
  readonly tokens: readonly Token[]
  /** Where it begins and ends in its file, in bytes. */
  readonly start: number
  readonly end: number
  readonly specials: Specials
}

async function* tokenPieces(
  source: CorpusSource,
  rules: WindowRules,
  from: CorpusPlace
): AsyncGenerator<TokenPiece> {
  const { model } = rules
  const none = { before: [], after: [] }
  if (source.kind === 'ids') {
    yield { tokens: await tokensOfIds(model, source.ids), start: 0, end: 0, specials: none }
    return
  }
  if (source.kind === 'text') {
    const tokens = await tokenize(model, source.text, rules.signal, { specials: false })
    const specials = await specialsAround(model, source.text, rules.signal)
    yield { tokens, start: 0, end: 0, specials }
    return
  }
  let specials: Specials | null = null
  for (let start = from.bytes; start < source.size;) {
    rules.signal.throwIfAborted()
    const { text, end } = await source.piece(start)
    specials ??= await specialsAround(model, text, rules.signal)
    const tokens = await tokenize(model, text, rules.signal, { specials: false })
    yield { tokens, start, end, specials }
    start = end
  }
}

/** How long a source takes beside the others: its bytes, those of a token by its id about four. */
function sizeOf(source: CorpusSource): number {
  if (source.kind === 'file') return source.size
  return Math.max(1, source.kind === 'text' ? source.text.length : source.ids.length * 4)
}

/** Tokens of a window, those around it among them; null for all of the source. */
function windowLength(
  source: CorpusSource,
  model: Runnable,
  { window }: Pick<Corpus, 'window'>
): number | null {
  if (window !== null || source.kind !== 'file') return window
  return Math.min(usualWindow, sizesOf(model).nCtx)
}

function checkLengths({ model, corpus: { window } }: WindowRules): void {
  const { nCtx } = sizesOf(model)
  if (window !== null && window > nCtx)
    throw new LamellaError(
      'invalid-argument',
      `A window of ${window} tokens is longer than ${model.info.name} takes, ${nCtx}`
    )
}
