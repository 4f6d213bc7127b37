import type { DType } from '#common/model/tensor.ts'

/** What an architecture needs to know of a checkpoint's tensors: their names, types and shapes. */
export type TensorTable = ReadonlyMap<
  string,
  {
    readonly dtype: DType
    readonly shape: readonly number[]
    /** The name that it is stored under, where that may be another one's. */
    readonly name?: string
  }
>
