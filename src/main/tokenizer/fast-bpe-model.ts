import type { Merge } from '#common/model/text-explanation.ts'
import type { Step } from './definition.ts'
import { characters, joinedPairs, type Part } from './joined-pairs.ts'
import type { WordModel, WordPart } from './word-model.ts'

const end = '</w>'
const goesOn = '@@'

/**
 * Pairs as fastBPE joins them: the last character of a word ends in `</w>`, whatever the vocabulary has; of what they become, the
 * last is a piece as it stands and the others end in `@@`. A piece that the vocabulary does not have is unknown.
 * @source Sennrich et al. 2016, as PhoBERT and CTRL have it
 */
export function fastBpeModel(model: Step, ids: ReadonlyMap<string, number>): WordModel {
  const merges = model['merges'] as readonly (readonly [string, string])[]
  const ranks = new Map(merges.map(([left, right], rank) => [keyOf(left, right), rank]))
  const unknownId = ids.get(String(model['unk_token']))
  const joining = {
    rank: (left: string, right: string) => ranks.get(keyOf(left, right)),
    joined: (left: string, right: string) => left + right
  }
  const split = (word: string, made?: Merge[]): WordPart[] => {
    const parts: Part[] = characters(word)
    const last = parts.pop()
    if (last) parts.push({ ...last, piece: last.piece + end })
    return joinedPairs(parts, joining, made).map(({ piece, from, to }) => {
      const isLast = to === word.length
      const id = ids.get(isLast ? piece.slice(0, -end.length) : piece + goesOn)
      return id === undefined ? { id: unknownId, from, to, unknown: true } : { id, from, to }
    })
  }
  return {
    split: word => split(word),
    explain(word) {
      const made: Merge[] = []
      split(word, made)
      return { merges: made, path: null }
    }
  }
}

/** One key for two texts, which have no white space. */
function keyOf(left: string, right: string): string {
  return `${left} ${right}`
}
