import type { LamellaFile } from '#common/model/describe-file.ts'
import type { Answers, Reading } from '#common/model/describe-reading.ts'
import type { ChatRequest, RenderedChat } from '#common/model/chat.ts'
import type { TextExplanation } from '#common/model/text-explanation.ts'
import type { Token } from '#common/model/token.ts'
import type { VocabularyListing, VocabularyQuery } from '#common/model/vocabulary.ts'
import type { ExposedPart } from '../architecture/onnx/expose.ts'
import type { RawConfig } from '../architecture/config-reader.ts'
import type { TensorTable } from '../architecture/tensor-table.ts'
import type { Folder } from '../files/folder.ts'
import type { OnnxPartSource } from './onnx-reading.ts'
import type { PackedModel } from './packed-model.ts'
import type { Known } from './read-model.ts'
import type { TokenizerFacts, TokenizerSource } from './tokenizers.ts'

/** What a reader does, each with its argument and its result. */
export interface ReaderCalls {
  read: {
    argument: Known & { readonly path: string }
    result: PackedModel
  }
  lamellaFile: { argument: { readonly folder: Folder }; result: LamellaFile | null }
  tokenizer: { argument: TokenizerSource; result: TokenizerFacts | null }
  encode: {
    argument: {
      readonly from: TokenizerSource
      readonly text: string
      readonly specials: boolean
    }
    result: Token[]
  }
  describe: {
    argument: { readonly from: TokenizerSource; readonly ids: readonly number[] }
    result: Token[]
  }
  explain: {
    argument: { readonly from: TokenizerSource; readonly text: string }
    result: TextExplanation
  }
  decode: {
    argument: { readonly from: TokenizerSource; readonly ids: readonly number[] }
    result: string
  }
  /** A dialogue as the model's own template writes it. */
  chat: {
    argument: { readonly folder: Folder; readonly request: ChatRequest }
    result: RenderedChat
  }
  /** @param rows of the embedding; null where that is not known */
  vocabulary: {
    argument: {
      readonly from: TokenizerSource
      readonly query: VocabularyQuery
      readonly rows: number | null
    }
    result: VocabularyListing
  }
  /** The token that hides another; null where there is none. */
  mask: { argument: { readonly from: TokenizerSource }; result: Token | null }
  infer: {
    argument: {
      readonly tensors: TensorTable
      readonly answers: Answers
      readonly vocabulary: number | null
      readonly fields: RawConfig
    }
    result: Reading
  }
  onnxPart: { argument: OnnxPartSource; result: ExposedPart }
}

/** What a reader may take. */
export interface ReaderLimits {
  /** Resident memory, in bytes. */
  readonly memory: number
  /** Processor time of one call, in ms. */
  readonly time: number
  /** The same of making a tokenizer. */
  readonly tokenizerTime: number
  /** The same of rendering a dialogue. */
  readonly chatTime: number
  /** By the clock, of the same: who waits for it is to be told, however little of the processor it has. */
  readonly chatClock: number
}
