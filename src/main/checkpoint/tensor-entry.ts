import type { DType } from '#common/model/tensor.ts'

/** Where one tensor lies. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Absolute, with its links resolved. */
  readonly file: string
  /** First byte in the file. */
  readonly offset: number
  readonly byteLength: number
}

/** One file of a checkpoint, as it was when it was opened. */
export interface CheckpointFile {
  readonly path: string
  readonly size: number
  readonly modifiedMs: number
}

/** An index of the tensors on disk. */
export interface Checkpoint {
  /** The folder or file that was opened, with its links resolved. */
  readonly path: string
  readonly format: 'safetensors'
  readonly files: readonly CheckpointFile[]
  readonly tensors: ReadonlyMap<string, TensorEntry>
  /** `__metadata__` of all files. */
  readonly metadata: ReadonlyMap<string, string>
}
