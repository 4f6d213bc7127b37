import type { Provider } from '#common/model/provider.ts'
import type { DType } from '#common/model/tensor.ts'
import type { FiledTensor } from '../files/filed-tensor.ts'
import type { KnownFile } from '../files/known-file.ts'

/** A tensor as it crosses to and from the engine; row-major. */
export type EngineTensor =
  | { readonly type: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'float16'; readonly shape: readonly number[]; readonly data: Float16Array }

/** An output that is asked for; float16 is rounded in the engine, so that half as much crosses. */
export interface WantedOutput {
  readonly name: string
  readonly type: EngineTensor['type']
}

/** The output by which a part itself gives another one in half precision: the runtime rounds on all cores. */
export function halfOf(output: string): string {
  return `${output}:half`
}

/** An input of a part; graphs from elsewhere take token ids and masks as integers. */
export type EngineFeed =
  | EngineTensor
  | { readonly type: 'int64'; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly type: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'bool'; readonly shape: readonly number[]; readonly data: Uint8Array }

/** A tensor as a message has it: whole, or by the file of the exchange that holds its bytes. */
export type Crossing<T extends EngineFeed> = T | (Omit<T, 'data'> & { readonly file: string })

/** A value that a run left in the engine: where it lies, and which one it is. */
export interface Carried {
  readonly place: string
  readonly name: string
}

/** An input that an earlier run left in the engine: it crosses no process. */
export interface CarriedFeed {
  readonly carried: Carried
}

/** An input made of rows of a stored matrix: the engine reads these itself, so that they cross no process. */
export interface RowsFeed {
  readonly rows: readonly number[]
  readonly matrix: StoredMatrix
  /** What they are multiplied by. */
  readonly scale: number
}

/** A matrix whose rows lie end to end in a file. */
export interface StoredMatrix {
  readonly file: KnownFile
  readonly offset: number
  readonly dtype: DType
  /** Elements of a row. */
  readonly width: number
}

/** An input that does not cross to the engine. */
export type FeedThere = CarriedFeed | RowsFeed

/** Inputs of a part. */
export type EngineFeeds = Readonly<Record<string, EngineFeed | FeedThere>>

/** What the engine says when a carried value does not lie in its place, or another does. */
export const carriedIsGone = 'the carried value is gone'

/** An output to leave in the engine for runs to come, in place of what lies there. */
export interface Carry extends Carried {
  readonly output: string
}

export type EngineTensors = Readonly<Record<string, EngineTensor>>

/** Outputs of a part of which some were not read: whoever has these closes their files. */
export type EngineResults = Readonly<Record<string, EngineTensor | FiledTensor>>

/** One weight of a part. */
interface Weight {
  /** The `location` of the external data in the ONNX model; of a weight that is fed, the input's name. */
  readonly location: string
  /**
   * Its shape where the weight, float32, is an input that every run is fed: it lies in memory once, while the
   * runtime copies others as it loads them.
   */
  readonly fed?: readonly number[]
}

/** Where the bytes of one weight lie: the engine reads them itself, so that they cross no process. */
export interface WeightRange extends Weight {
  readonly file: KnownFile
  readonly offset: number
  readonly byteLength: number
  /** Checksum of these bytes, where the file states one. */
  readonly crc32?: number
}

/** A weight whose bytes do not lie end to end in its file: handed over as they are meant. */
export interface WeightBytes extends Weight {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What one part is made of. */
export interface PartSource {
  /** An ONNX model whose weights are external. */
  readonly model: Uint8Array
  readonly weights: readonly (WeightRange | WeightBytes)[]
  readonly provider: Provider
  /** Parts of one model share a name; those of other models give way first when memory is short. */
  readonly group: string
  /** What the weights take once loaded, in bytes: those in half precision as they are stored where they may stay so. */
  readonly residentBytes: number
  /** Where some may stay in half precision: what this part takes in float32, and what all of its model does. */
  readonly inFloat32?: { readonly residentBytes: number; readonly modelBytes: number }
}

/** A part as a process loads it. */
export interface LoadedSource extends PartSource {
  /** Weights in half precision stay so, and are cast whenever the part runs; else once, when it is loaded. */
  readonly castsAtRun: boolean
}

/**
 * Whether there is room for a model twice: as much is left for another model, and for parts that look at its blocks. Its weights in half
 * precision are then cast once, which takes half of the time for a short text, and twice the memory; and its blocks are loaded several at a time.
 * @param modelBytes what it takes in float32
 */
export function hasRoomTwice(modelBytes: number, budget: number): boolean {
  return modelBytes <= budget / 2
}

/** What the engine process does, each with its argument and its result. */
export interface EngineCalls {
  load: { argument: LoadedSource & { readonly part: string }; result: null }
  run: {
    argument: {
      readonly part: string
      readonly feeds: Readonly<Record<string, Crossing<EngineFeed> | FeedThere>>
      readonly outputs: readonly WantedOutput[]
      /** They cross to the owner only where they are among the outputs, too. */
      readonly carry?: readonly Carry[]
    }
    result: Readonly<Record<string, Crossing<EngineTensor>>>
  }
  release: { argument: { readonly part: string }; result: null }
  /** Lets go of carried values. */
  forget: { argument: { readonly places: readonly string[] }; result: null }
  /** The providers this machine's runtime was built with. */
  providers: { argument: null; result: readonly Provider[] }
  /** Resident memory of the engine process in bytes. */
  memory: { argument: null; result: number }
}
