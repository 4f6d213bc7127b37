import { fallbackByte, fallbackPieces } from './byte-level.ts'
import type { Step } from './definition.ts'
import type { WordModel, WordPart } from './word-model.ts'

/** How much less likely than the least likely piece an unknown character is, as a logarithm. */
const unknownPenalty = 10

/** The best way to split the text up to some place. */
interface Node {
  readonly from: number
  readonly score: number
  readonly id: number | undefined
}

/**
 * The likeliest of all ways to split a word.
 * @source Kudo 2018; of equally likely ways the one found first, as the `tokenizers` library has it
 */
export function unigramModel(model: Step, ids: ReadonlyMap<string, number>): WordModel {
  const vocab = model['vocab'] as readonly (readonly [piece: string, score: number])[]
  const unknownId = typeof model['unk_id'] === 'number' ? model['unk_id'] : undefined
  const least = vocab.reduce((least, [, score]) => Math.min(least, score), Infinity)
  const unknownScore = least - unknownPenalty
  // SentencePiece itself keeps sums of 32 bits and compares those of 64 with them, and takes no text that spells a byte for that.
  const isSentencePiece = model['sentencepiece'] === true
  const kept = isSentencePiece ? Math.fround : (score: number) => score
  const found = isSentencePiece
    ? new Map([...ids].filter(([piece]) => fallbackByte(piece) === null))
    : ids
  const lengths = lengthsByFirst(found.keys())

  const best = (word: string): Node[] => {
    const nodes: (Node | undefined)[] = [{ from: 0, score: 0, id: undefined }]
    const offer = (from: number, to: number, score: number, id: number | undefined) => {
      const known = nodes[to]
      if (known === undefined || score > known.score) nodes[to] = { from, score: kept(score), id }
    }
    for (let from = 0; from < word.length;) {
      const so = nodes[from]!.score
      const first = String.fromCodePoint(word.codePointAt(from)!)
      let hasFirst = false
      for (const length of lengths.get(first) ?? []) {
        if (from + length > word.length) break
        const id = found.get(word.slice(from, from + length))
        if (id === undefined) continue
        offer(from, from + length, vocab[id]![1] + so, id)
        hasFirst ||= length === first.length
      }
      if (!hasFirst) offer(from, from + first.length, kept(unknownScore + so), unknownId)
      from += first.length
    }
    return nodes as Node[]
  }
  const path = (word: string): WordPart[] => {
    const nodes = best(word)
    const parts: WordPart[] = []
    for (let to = word.length; to > 0; to = nodes[to]!.from) {
      const { from, id } = nodes[to]!
      parts.push({ id, from, to, ...((id === undefined || id === unknownId) && { unknown: true }) })
    }
    return parts.reverse()
  }
  const split = (word: string): WordPart[] => {
    const parts: WordPart[] = []
    for (const part of path(word)) {
      const last = parts.at(-1)
      if (part.unknown && last?.unknown) parts[parts.length - 1] = { ...last, to: part.to }
      else parts.push(part)
    }
    return model['byte_fallback'] === true ? parts.flatMap(inBytes(word)) : parts
  }
  const inBytes =
    (word: string) =>
    (part: WordPart): WordPart[] => {
      if (!part.unknown) return [part]
      const spelled: WordPart[] = []
      let from = part.from
      for (const character of word.slice(part.from, part.to)) {
        const to = from + character.length
        for (const byte of fallbackPieces(character)) spelled.push({ id: ids.get(byte), from, to })
        from = to
      }
      return spelled.every(({ id }) => id !== undefined) ? spelled : [part]
    }
  return {
    split,
    explain: word => ({
      merges: null,
      path: path(word).map(({ id, from, to, unknown }) => ({
        piece: word.slice(from, to),
        score: unknown ? unknownScore : vocab[id!]![1]
      }))
    })
  }
}

/** How long the pieces are that begin with a character, ascending, in UTF-16 units. */
function lengthsByFirst(pieces: Iterable<string>): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, Set<number>>()
  for (const piece of pieces) {
    if (piece === '') continue
    const first = String.fromCodePoint(piece.codePointAt(0)!)
    const lengths = found.get(first) ?? new Set()
    found.set(first, lengths.add(piece.length))
  }
  return new Map([...found].map(([first, lengths]) => [first, [...lengths].sort((a, b) => a - b)]))
}
