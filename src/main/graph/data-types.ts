import { LamellaError } from '#common/model/errors.ts'
import { TensorProto_DataType as OnnxType } from '../onnx/onnx_pb.js'
import type { ElementType } from './ir.ts'

/** Each element type's number in ONNX. */
export const dataTypes: Readonly<Record<ElementType, OnnxType>> = {
  float32: OnnxType.FLOAT,
  float16: OnnxType.FLOAT16,
  bfloat16: OnnxType.BFLOAT16,
  float64: OnnxType.DOUBLE,
  int64: OnnxType.INT64,
  int32: OnnxType.INT32,
  int16: OnnxType.INT16,
  int8: OnnxType.INT8,
  uint64: OnnxType.UINT64,
  uint32: OnnxType.UINT32,
  uint16: OnnxType.UINT16,
  uint8: OnnxType.UINT8,
  bool: OnnxType.BOOL
}

const bytes: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1
}

/** Bytes that a stored tensor takes. */
export function byteLength(type: ElementType, count: number): number {
  return bytes[type] * count
}

/**
 * Numbers as ONNX stores them raw: packed, little-endian.
 * @throws LamellaError when numbers of the type cannot be written
 */
export function rawData(type: ElementType, data: readonly number[]): Uint8Array {
  const raw = new Uint8Array(byteLength(type, data.length))
  const view = new DataView(raw.buffer)
  const write = writers[type]
  if (!write) throw new LamellaError('unsupported', `graph: constants of ${type} are not supported`)
  data.forEach((number, index) => write(view, index * bytes[type], number))
  return raw
}

const writers: Partial<Record<ElementType, (view: DataView, at: number, number: number) => void>> =
  {
    float32: (view, at, number) => view.setFloat32(at, number, true),
    float16: (view, at, number) => view.setFloat16(at, number, true),
    float64: (view, at, number) => view.setFloat64(at, number, true),
    int64: (view, at, number) => view.setBigInt64(at, BigInt(number), true),
    int32: (view, at, number) => view.setInt32(at, number, true),
    bool: (view, at, number) => view.setUint8(at, number === 0 ? 0 : 1)
  }
