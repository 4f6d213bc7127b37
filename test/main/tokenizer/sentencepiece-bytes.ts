import { BinaryWriter } from '@bufbuild/protobuf/wire'

/** What a test writes into a SentencePiece model; field numbers as in sentencepiece_model.proto. */
export interface SentencePieceContent {
  readonly pieces: readonly (readonly [piece: string, score: number, kind?: number])[]
  /** 1 unigram, 2 BPE, 3 word, 4 characters. */
  readonly algorithm: number
  readonly byteFallback?: boolean
  readonly charsmap?: Uint8Array
  readonly addsPrefix?: boolean
  readonly removesExtraSpaces?: boolean
}

export const unknown = 2
export const control = 3
export const userDefined = 4
export const byte = 6

/** The bytes of a SentencePiece model. */
export function sentencePieceBytes(content: SentencePieceContent): Uint8Array {
  const writer = new BinaryWriter()
  for (const [piece, score, kind = 1] of content.pieces) {
    writer.tag(1, 2).fork()
    writer.tag(1, 2).string(piece).tag(2, 5).float(score).tag(3, 0).int32(kind)
    writer.join()
  }
  writer.tag(2, 2).fork().tag(3, 0).int32(content.algorithm)
  writer
    .tag(35, 0)
    .bool(content.byteFallback ?? false)
    .join()
  writer.tag(3, 2).fork()
  if (content.charsmap) writer.tag(2, 2).bytes(content.charsmap)
  writer.tag(3, 0).bool(content.addsPrefix ?? true)
  writer
    .tag(4, 0)
    .bool(content.removesExtraSpaces ?? true)
    .join()
  return writer.finish()
}
