import { checkIndex } from './check-index.ts'

/** Element types a checkpoint can hold, in safetensors' spelling. */
export const dtypes = [
  'F64',
  'F32',
  'F16',
  'BF16',
  'F8_E4M3',
  'F8_E5M2',
  'I64',
  'I32',
  'I16',
  'I8',
  'U64',
  'U32',
  'U16',
  'U8',
  'BOOL'
] as const

export type DType = (typeof dtypes)[number]

/** Bytes one element of each type takes. */
export const bytesPerElement: Readonly<Record<DType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1
}

/** Those that can hold NaN and infinity. */
export const floatDTypes = ['F64', 'F32', 'F16', 'BF16'] as const satisfies readonly DType[]

export type FloatDType = (typeof floatDTypes)[number]

/** A computed value: float32, row-major. */
export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** Part of a stored tensor. */
export interface TensorWindow {
  readonly tensor: string
  /** The first element and how many there are, along each of the tensor's axes. */
  readonly start: readonly number[]
  readonly size: readonly number[]
  /** Along each axis every how manieth; each where they are left out. */
  readonly steps?: readonly number[]
  /** Whether the last two axes change places. */
  readonly transposed: boolean
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1)
}

/**
 * One slice of a tensor along its first axis, sharing its memory.
 * @throws LamellaError `invalid-argument` when the index is outside the axis
 */
export function sliceOfFirstAxis(tensor: Tensor, index: number): Tensor {
  const [length = 0, ...shape] = tensor.shape
  checkIndex('index', index, length)
  const size = elementCount(shape)
  return { shape, data: tensor.data.subarray(index * size, (index + 1) * size) }
}
