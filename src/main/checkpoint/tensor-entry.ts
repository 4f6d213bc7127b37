import type { DType } from '#common/model/tensor.ts'
import type { Folder } from '../files/folder.ts'
import type { KnownFile } from '../files/known-file.ts'

/** Where one tensor lies. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly file: KnownFile
  /** First byte in the file. */
  readonly offset: number
  /** Bytes from the first element to the end of the last. */
  readonly byteLength: number
  /** Elements to skip for one step along each axis, when the elements do not lie in row-major order. */
  readonly strides?: readonly number[]
  /** CRC-32 of the bytes, when the file states it. */
  readonly crc32?: number
  /** The bytes themselves, when the file has the elements in another form. */
  readonly content?: Uint8Array<ArrayBuffer>
}

/** One file of a checkpoint, as it was when it was opened. */
export interface CheckpointFile extends KnownFile {
  /** A hash of what it held at places throughout. */
  readonly sample: string
}

/** Numbers, texts, yes and no by their names, as a training script keeps of its model beside the weights. */
export type Stated = Readonly<Record<string, string | number | boolean | null>>

/** An index of the tensors on disk. */
export interface Checkpoint {
  /** The folder or file that was opened, with its links resolved. */
  readonly path: string
  /** The folder of its files. */
  readonly folder: Folder
  readonly format: 'safetensors' | 'pytorch' | 'onnx'
  readonly files: readonly CheckpointFile[]
  readonly tensors: ReadonlyMap<string, TensorEntry>
  /** `__metadata__` of all files. */
  readonly metadata: ReadonlyMap<string, string>
  /** What a PyTorch file says of its model; there only where it says something. */
  readonly stated?: Stated
  /** What ids stand for, from 0; there only where a PyTorch file says it. */
  readonly characters?: readonly string[]
  /** Under which keys PyTorch files hold tensors beside the model that are not read; there only where they do. */
  readonly beside?: readonly string[]
}

/** What one file of weights holds. */
export interface WeightsContent {
  readonly format: Checkpoint['format']
  readonly file: CheckpointFile
  /** In the file's own order. */
  readonly tensors: ReadonlyMap<string, TensorEntry>
  readonly metadata: ReadonlyMap<string, string>
  readonly stated?: Stated
  readonly characters?: readonly string[]
  readonly beside?: readonly string[]
}
