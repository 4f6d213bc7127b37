import { LamellaError } from '#common/model/errors.ts'
import type { TokenizerDefinition } from './definition.ts'
import { fastBpeModel } from './fast-bpe-model.ts'
import { pairModel } from './pair-model.ts'
import { sentencePiecePairs } from './sentencepiece-pairs.ts'
import { unigramModel } from './unigram-model.ts'
import type { Vocabulary } from './vocabulary.ts'
import type { WordModel } from './word-model.ts'
import { wordLevelModel, wordPieceModel } from './word-pieces.ts'

/**
 * The model of a definition.
 * @throws LamellaError naming what of it is not read
 */
export function wordModel(definition: TokenizerDefinition, { ids }: Vocabulary): WordModel {
  const { model, pieceRanks, frozen = [] } = definition
  switch (model.type) {
    case 'BPE':
      return pieceRanks ? sentencePiecePairs(model, ids, pieceRanks, frozen) : pairModel(model, ids)
    case 'FastBPE':
      return fastBpeModel(model, ids)
    case 'WordPiece':
      return wordPieceModel(model, ids)
    case 'Unigram':
      return unigramModel(model, ids)
    case 'WordLevel':
      return wordLevelModel(model, ids)
    default:
      throw new LamellaError('unsupported', `unknown model ${model.type}`)
  }
}
