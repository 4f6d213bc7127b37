import { bytesPerElement, type DType } from '#common/model/tensor.ts'
import { invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { asKind, fullName, type PickleTuple, type PickleValue } from './pickle-value.ts'

/** A tensor as a PyTorch pickle describes it; the numbers are checked against each other. */
export interface TorchTensor {
  readonly storage: TorchStorage
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Elements to skip for one step along each axis. */
  readonly strides: readonly number[]
  /** First byte in the storage. */
  readonly offset: number
}

/** A run of bytes outside the pickle that tensors look into. */
export interface TorchStorage {
  readonly key: string
  readonly byteLength: number
  /** Byte at which it begins inside the stored one; only very old files have such views. */
  readonly start: number
}

/** Elements that a view may make out of fewer by repeating them. */
const repeatLimit = 100_000_000

/** Whether a value is a tensor or a parameter, of whatever type. */
export function isTensor(value: PickleValue): boolean {
  return rebuildCall(value) !== null
}

/**
 * Reads the tensor that a value stands for.
 * @throws LamellaError naming the tensor when it looks outside its storage or is of a kind not supported
 * @source PyTorch, torch/_utils.py (_rebuild_tensor_v2 and its neighbours)
 */
export function torchTensor(label: string, name: string, value: PickleValue): TorchTensor {
  const call = rebuildCall(value)!
  const invalid = (cause: string) => invalidFile(label, `tensor ${quoted(name)} ${cause}`)
  const unsupported = (what: string) =>
    unsupportedFile(label, `tensor ${quoted(name)} is ${what}, which is not supported`)
  if (!plainTensors.has(call.name))
    throw unsupported(call.name.replace('torch._utils._rebuild_', 'a '))

  const [storageId, offset, shape, strides] = call.args.items
  const typed = call.name.endsWith('_v3') ? call.args.items[6] : undefined
  const id = storageIdOf(asKind(storageId, 'persistent')?.id ?? null)
  if (id === null) throw invalid('has a storage that is none')
  const typeName = typed === undefined ? id.type : (asKind(typed, 'name')?.name ?? 'no dtype')
  const dtype = dtypeNames.get(typeName)
  if (dtype === undefined) throw unsupported(`of type ${quoted(typeName)}`)

  const size = bytesPerElement[dtype]
  const unit = storageUnits.get(id.type) ?? size
  const storage = { key: id.key, byteLength: id.length * unit, start: id.viewOffset * unit }
  const sizes = wholeNumbers(shape)
  const steps = wholeNumbers(strides)
  const first = typeof offset === 'number' ? offset : NaN
  if (!sizes || !steps || sizes.length !== steps.length || sizes.length > 64)
    throw invalid('has a wrong shape or strides')
  if (!(Number.isSafeInteger(first) && first >= 0)) throw invalid('has a wrong offset')

  const count = sizes.reduce((product, dimension) => product * dimension, 1)
  const last = sizes.reduce((at, dimension, axis) => at + (dimension - 1) * steps[axis]!, first)
  const held = Math.floor((id.viewLength * unit) / size)
  if (count > 0 && !(last < held))
    throw invalid(
      `of shape [${sizes.join(', ')}] looks at element ${last} of a storage that has ${held}`
    )
  if (count > held && count > repeatLimit)
    throw invalid(`of shape [${sizes.join(', ')}] makes ${count} elements of ${held}`)
  // An empty tensor may state any place, and lies nowhere.
  return { storage, dtype, shape: sizes, strides: steps, offset: count === 0 ? 0 : first * size }
}

const plainTensors = new Set(
  ['_rebuild_tensor', '_rebuild_tensor_v2', '_rebuild_tensor_v3'].map(
    name => `torch._utils.${name}`
  )
)
const wrappers = new Set(
  ['_rebuild_parameter', '_rebuild_parameter_with_state'].map(name => `torch._utils.${name}`)
)

/** PyTorch's storage classes and dtypes. */
const dtypeNames = new Map<string, DType>([
  ['DoubleStorage', 'F64'],
  ['FloatStorage', 'F32'],
  ['HalfStorage', 'F16'],
  ['BFloat16Storage', 'BF16'],
  ['Float8_e4m3fnStorage', 'F8_E4M3'],
  ['Float8_e5m2Storage', 'F8_E5M2'],
  ['LongStorage', 'I64'],
  ['IntStorage', 'I32'],
  ['ShortStorage', 'I16'],
  ['CharStorage', 'I8'],
  ['ByteStorage', 'U8'],
  ['BoolStorage', 'BOOL'],
  ['float64', 'F64'],
  ['float32', 'F32'],
  ['float16', 'F16'],
  ['bfloat16', 'BF16'],
  ['float8_e4m3fn', 'F8_E4M3'],
  ['float8_e5m2', 'F8_E5M2'],
  ['int64', 'I64'],
  ['int32', 'I32'],
  ['int16', 'I16'],
  ['int8', 'I8'],
  ['uint64', 'U64'],
  ['uint32', 'U32'],
  ['uint16', 'U16'],
  ['uint8', 'U8'],
  ['bool', 'BOOL']
])

/** Bytes that each storage class counts its length in. */
const storageUnits = new Map<string, number>([
  ...[...dtypeNames].map(([name, dtype]): [string, number] => [name, bytesPerElement[dtype]]),
  ['UntypedStorage', 1],
  ['ComplexFloatStorage', 8],
  ['ComplexDoubleStorage', 16],
  ['QInt8Storage', 1],
  ['QUInt8Storage', 1],
  ['QUInt4x2Storage', 1],
  ['QUInt2x4Storage', 1],
  ['QInt32Storage', 4]
])

/** What the id of a storage says: `('storage', type, key, location, length[, view])`. */
export interface StorageId {
  readonly key: string
  /** The class, such as `FloatStorage`. */
  readonly type: string
  /** In elements of that class. */
  readonly length: number
  /** The part of it that is looked into; only files of old PyTorch have less than all. */
  readonly viewOffset: number
  readonly viewLength: number
  /** Undefined for a class that is not known. */
  readonly byteLength: number | undefined
}

/** The id of a storage, or null when it is none. */
export function storageIdOf(id: PickleValue): StorageId | null {
  const items = asKind(id, 'tuple')?.items
  if (items?.[0] !== 'storage') return null
  const [, type, key, , length, view = null] = items
  const name = asKind(type, 'name')?.name
  const [, viewOffset, viewLength] =
    view === null ? [null, 0, length] : (asKind(view, 'tuple')?.items ?? [])
  if (name === undefined || typeof key !== 'string') return null
  if (!isWhole(length) || !isWhole(viewOffset) || !isWhole(viewLength)) return null
  if (viewOffset + viewLength > length) return null
  const unit = storageUnits.get(name)
  const byteLength = unit === undefined ? undefined : length * unit
  return { key, type: name, length, viewOffset, viewLength, byteLength }
}

/** The call that rebuilds a tensor, out of what wraps it: parameters and subclasses. */
function rebuildCall(value: PickleValue): { name: string; args: PickleTuple } | null {
  for (let wrapped = 0; wrapped < 8; wrapped++) {
    const call = asKind(value, 'call')
    if (call === null) return null
    const name = fullName(call.callee)
    if (name === 'torch._tensor._rebuild_from_type_v2') {
      const [callee, , args] = call.args.items
      const inner = asKind(callee, 'name')
      const innerArgs = asKind(args, 'tuple')
      if (!inner || !innerArgs) return null
      value = { kind: 'call', callee: inner, args: innerArgs, depth: call.depth }
    } else if (wrappers.has(name)) value = call.args.items[0] ?? null
    else return name.startsWith('torch._utils._rebuild_') ? { name, args: call.args } : null
  }
  return null
}

function wholeNumbers(value: PickleValue | undefined): number[] | null {
  const items = (asKind(value, 'tuple') ?? asKind(value, 'list'))?.items ?? [null]
  const numbers = items.filter(isWhole)
  return numbers.length === items.length ? numbers : null
}

function isWhole(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
