import type { Step } from './definition.ts'
import { characters } from './joined-pairs.ts'
import type { WordModel, WordPart } from './word-model.ts'

const unexplained = { merges: null, path: null }

/**
 * The longest piece that a word begins with, then the longest that goes on with it, and so on; a word that cannot be split so is
 * unknown as a whole.
 * @source Wu et al. 2016, as BERT has it
 */
export function wordPieceModel(model: Step, ids: ReadonlyMap<string, number>): WordModel {
  const prefix =
    typeof model['continuing_subword_prefix'] === 'string'
      ? model['continuing_subword_prefix']
      : '##'
  const longest = Number(model['max_input_chars_per_word'] ?? 100)
  const unknown = unknownOf(model, ids)
  return {
    explain: () => unexplained,
    split(word) {
      const ends = characters(word).map(({ to }) => to)
      if (ends.length > longest) return unknown(word)
      const parts: WordPart[] = []
      for (let from = 0; from < word.length;) {
        const start = from
        const to = ends.findLast(
          to => to > start && ids.has((start > 0 ? prefix : '') + word.slice(start, to))
        )
        if (to === undefined) return unknown(word)
        parts.push({ id: ids.get((from > 0 ? prefix : '') + word.slice(from, to)), from, to })
        from = to
      }
      return parts
    }
  }
}

/** Every word is a token. */
export function wordLevelModel(model: Step, ids: ReadonlyMap<string, number>): WordModel {
  const unknown = unknownOf(model, ids)
  return {
    explain: () => unexplained,
    split(word) {
      const id = ids.get(word)
      return id === undefined ? unknown(word) : [{ id, from: 0, to: word.length }]
    }
  }
}

function unknownOf(model: Step, ids: ReadonlyMap<string, number>) {
  const { unk_token: token = null } = model
  const id = ids.get(typeof token === 'string' ? token : '[UNK]')
  return (word: string): WordPart[] => [{ id, from: 0, to: word.length, unknown: true }]
}
