import { LamellaError } from '#common/model/errors.ts'
import { exactCount } from '#common/text/number-text.ts'
import { sentencesOf } from '#common/text/sentences.ts'
import { lettersOf } from '#common/text/cut-short.ts'
import { tokenize } from '../model/tokenize.ts'
import { sizesOf } from '../run/runnable.ts'
import type { CorpusSource } from './corpus-sources.ts'
import type { CorpusPlace, CorpusWindow, WindowRules } from './corpus-window.ts'

/** Characters without an end of a sentence that are held; where there are more, one ends there. */
const mostHeld = 2 ** 17

/** Letters of a sentence that it is called by. */
const mostLetters = 80

/** A stretch of a source, and where it lies: in bytes of its file, or in characters of a text. */
interface Stretch {
  readonly text: string
  readonly start: number
  readonly end: number
}

/**
 * The sentences of one source, each a window with what the model expects around a text. One that is longer than the model takes is
 * left out, and that is said; what is of white space alone is no sentence.
 * @throws LamellaError `invalid-argument` of token ids, whose text is not read
 */
export async function* sentenceWindows(
  source: CorpusSource,
  rules: WindowRules,
  from: CorpusPlace
): AsyncGenerator<CorpusWindow> {
  const { model, signal } = rules
  const { nCtx } = sizesOf(model)
  const stretches = stretchesOf(source, from.bytes)
  let held: Stretch[] = []
  /** Characters of the first that is held which were sentences before. */
  let past = from.characters ?? 0
  let number = from.next

  async function windowOf(text: string, share: number, after: CorpusPlace) {
    const tokens = await tokenize(model, text, signal)
    if (tokens.length === 0) return null
    const name = `${source.label}, sentence ${after.next}`
    const label = `${beginningOf(text)} (${name})`
    if (tokens.length <= nCtx) return { tokens, label, after, share }
    const words = `${name}: ${exactCount(tokens.length)} tokens, more than the ${exactCount(nCtx)} that ${model.info.name} takes`
    rules.leave(words, false)
    return null
  }

  for (let ended = false; !ended;) {
    const next = await stretches.next()
    if (next.done) ended = true
    else held.push(next.value)
    const text = held
      .map(own => own.text)
      .join('')
      .slice(past)
    const sentences = sentencesOf(text)
    // The last goes on in what follows.
    if (!ended && text.length < mostHeld) sentences.pop()
    for (const sentence of sentences) {
      signal.throwIfAborted()
      const share = shareBefore(held[0]!, past, source)
      past += sentence.length
      while (held.length > 1 && past >= held[0]!.text.length) {
        past -= held[0]!.text.length
        held = held.slice(1)
      }
      if (sentence.trim() === '') continue
      number++
      const { start: bytes } = held[0]!
      const after = { ...from, bytes, characters: past, next: number }
      const window = await windowOf(sentence.trim(), share, after)
      if (window !== null) yield window
    }
  }
}

async function* stretchesOf(source: CorpusSource, from: number): AsyncGenerator<Stretch> {
  if (source.kind === 'ids')
    throw new LamellaError(
      'invalid-argument',
      `${source.label}: token ids are not parted into sentences`,
      'Give their text, or leave sentences out.'
    )
  if (source.kind === 'text') {
    yield { text: source.text, start: 0, end: source.text.length }
    return
  }
  for (let start = from; start < source.size;) {
    const { text, end } = await source.piece(start)
    yield { text, start, end }
    start = end
  }
}

/** How a sentence begins, by which it is told. */
function beginningOf(text: string): string {
  const letters = lettersOf(text.replaceAll('\n', ' '))
  return letters.length > mostLetters
    ? `${letters.slice(0, mostLetters - 1).join('')}…`
    : letters.join('')
}

/** How much of a source lies before a character of a stretch, as if its characters were alike. */
function shareBefore(
  { text, start, end }: Stretch,
  characters: number,
  source: CorpusSource
): number {
  const size = source.kind === 'file' ? source.size : end
  const within = text.length === 0 ? 0 : characters / text.length
  return size === 0 ? 0 : (start + within * (end - start)) / size
}
