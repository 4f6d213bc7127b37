import type { Merge } from '#common/model/text-explanation.ts'
import { fallbackPieces } from './byte-level.ts'
import type { Step } from './definition.ts'
import { characters, joinedPairs, type Part } from './joined-pairs.ts'
import { longestAt } from './longest-at.ts'
import type { WordModel, WordPart } from './word-model.ts'

/**
 * Pairs as SentencePiece joins them: whichever neighbours give the piece of the best score, and what is no piece in the end is
 * spelled in bytes, or unknown.
 * @param ranks of the pieces that neighbours may be joined to, the best score first; equal scores have equal ranks
 * @param frozen pieces that are found first, the longest at each place, and are joined to nothing
 * @source bpe_model.cc of SentencePiece
 */
export function sentencePiecePairs(
  model: Step,
  ids: ReadonlyMap<string, number>,
  ranks: ReadonlyMap<string, number>,
  frozen: readonly string[]
): WordModel {
  const unknownId = ids.get(String(model['unk_token']))
  const byBytes = model['byte_fallback'] === true
  const apart = new Set(frozen)
  const frozenAt = longestAt(frozen)
  const symbols = (word: string): Part[] => {
    if (frozen.length === 0) return characters(word)
    const parts: Part[] = []
    for (let from = 0; from < word.length;) {
      const piece = frozenAt(word, from) ?? String.fromCodePoint(word.codePointAt(from)!)
      parts.push({ piece, from, to: from + piece.length })
      from += piece.length
    }
    return parts
  }
  const joining = {
    rank: (left: string, right: string) =>
      apart.has(left) || apart.has(right) ? undefined : ranks.get(left + right),
    joined: (left: string, right: string) => left + right
  }
  const tokens = ({ piece, from, to }: Part): WordPart[] => {
    const id = ranks.has(piece) ? ids.get(piece) : undefined
    if (id !== undefined) return [{ id, from, to }]
    const bytes = byBytes ? fallbackPieces(piece).map(byte => ids.get(byte)) : [undefined]
    return bytes.every(byte => byte !== undefined)
      ? bytes.map(byte => ({ id: byte, from, to }))
      : [{ id: unknownId, from, to, unknown: true }]
  }
  const split = (word: string, merges?: Merge[]) => {
    const parts: WordPart[] = []
    for (const part of joinedPairs(symbols(word), joining, merges).flatMap(tokens)) {
      // Neighbours that are unknown are one token.
      const last = part.unknown && parts.at(-1)
      if (last && last.unknown) parts[parts.length - 1] = { ...last, to: part.to }
      else parts.push(part)
    }
    return parts
  }
  return {
    split: word => split(word),
    explain(word) {
      const merges: Merge[] = []
      split(word, merges)
      return { merges, path: null }
    }
  }
}
