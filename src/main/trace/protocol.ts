import type { Tensor } from '#common/model/tensor.ts'
import type { FiledTensor } from '../files/filed-tensor.ts'
import type { KeptTensor } from './encoding.ts'
import type { Layout } from './sliced-tensor.ts'
import type { KeptHook } from './store.ts'

/** What the thread of the cache is given at its start. */
export interface CachePlace {
  readonly folder: string
  /** Of the values kept. */
  readonly limitBytes: number
}

/** What may wait to be stored while runs go on, in bytes. */
export interface WaitingLimits {
  /** In memory; of more the first wait on the disk, as they are. */
  readonly mostInMemory: number
  /** On the disk; of more some are stored meanwhile. */
  readonly mostSpooled: number
}

/** How the cache is doing. */
export interface CacheState {
  /** Of the values kept. */
  readonly bytes: number
  /** Why values are kept in memory alone; null while the disk takes them. */
  readonly refusal: string | null
}

export interface TraceCalls {
  state: { argument: null; result: CacheState }
  /** The first of some hooks whose value is kept. */
  get: {
    argument: { readonly run: string; readonly hooks: readonly string[]; readonly index?: number }
    result: { readonly hook: string; readonly value: Tensor } | null
  }
  /** Those of some hooks of which no value is kept. */
  missing: {
    argument: { readonly run: string; readonly hooks: readonly string[] }
    result: readonly string[]
  }
  /** The hooks of a run whose values are kept. */
  hooks: { argument: { readonly run: string }; result: readonly KeptHook[] }
  /**
   * Answered once it is stored; from the start it is had. A report says that it takes no memory any more, nor is the
   * file read that it came in: who asks has it closed then.
   */
  put: {
    argument: {
      readonly run: string
      readonly hook: string
      readonly value: KeptTensor | FiledTensor
      readonly layout: Layout
    }
    result: CacheState
  }
  /** Removes what is stored; what waits to be is still wanted. */
  clear: { argument: null; result: null }
  /** Stores what waits, and ends the use of the file. */
  close: { argument: null; result: null }
}
