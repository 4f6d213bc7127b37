import { asKind, fullName, type PickleDict, type PickleValue } from './pickle-value.ts'
import type { Stated } from './tensor-entry.ts'

/** Where training scripts keep what made the model, those that speak of the model alone first. */
const statedKeys = [
  'model_args',
  'model_config',
  'model_cfg',
  'config',
  'cfg',
  'hyper_parameters',
  'hparams',
  'args'
]

/** Parts of such a thing that speak of the model alone. */
const innerKeys = [...statedKeys, 'model', 'net', 'transformer']

/** Far more than any script says. */
const statedLimit = 1000

/** How deep a part may lie in what is said. */
const deepest = 3

/**
 * What a checkpoint says of its model beside the tensors: the numbers, texts, yes and no of the first dict or object under a usual
 * name, those of its parts that speak of the model before its own; null where it says nothing.
 */
export function statedBeside(root: PickleValue): Stated | null {
  const entries = (asKind(root, 'dict') ?? asKind(root, 'instance'))?.entries
  for (const key of statedKeys) {
    const said = saidBy(entries?.get(key), 0)
    if (said.length > 0) return Object.fromEntries(said)
  }
  return null
}

type Said = readonly [name: string, value: Stated[string]]

function saidBy(value: PickleValue | undefined, depth: number): Said[] {
  const entries = contentOf(value)
  if (entries === null || depth === deepest) return []
  const own = [...entries].slice(0, statedLimit).flatMap(([name, of]): Said[] => {
    const plain = plainOf(of)
    return typeof name === 'string' && plain !== undefined ? [[name, plain]] : []
  })
  const inner = innerKeys.toReversed().flatMap(key => saidBy(entries.get(key), depth + 1))
  return [...own, ...inner]
}

/** What a dict, or an object by its state, holds; of a node of OmegaConf what stands in it. */
function contentOf(value: PickleValue | undefined): PickleDict['entries'] | null {
  const instance = asKind(value, 'instance')
  const found = instance ? stateOf(instance.state) : asKind(value, 'dict')
  const content = asKind(found?.entries.get('_content'), 'dict')
  return (content ?? found)?.entries ?? instance?.entries ?? null
}

/** The attributes of an object; of one with slots the first of its two parts that has any. */
function stateOf(state: PickleValue): PickleDict | null {
  const parts = asKind(state, 'tuple')?.items ?? [state]
  const dicts = parts.map(part => asKind(part, 'dict')).filter(dict => dict !== null)
  return dicts.find(({ entries }) => entries.size > 0) ?? dicts[0] ?? null
}

/** A number, a text, yes, no or nothing, also of what stands for one as a symbol; undefined for all else. */
function plainOf(value: PickleValue): Stated[string] | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return value
  const name = asKind(value, 'name')
  if (name !== null) return name.name
  const node = asKind(value, 'instance')
  if (node !== null) {
    const held = stateOf(node.state)?.entries
    return held?.has('_val') ? plainOf(held.get('_val')!) : plainText(node.args.items)
  }
  const call = asKind(value, 'call')
  if (call === null) return undefined
  const [first] = call.args.items
  switch (fullName(call.callee)) {
    case 'numpy.core.multiarray.scalar':
      return numpyScalar(call.args.items)
    case 'decimal.Decimal':
    case 'fractions.Fraction':
      return typeof first === 'string' && Number.isFinite(Number(first)) ? Number(first) : undefined
    default:
      return call.callee.module.startsWith('pathlib')
        ? call.args.items.filter(part => typeof part === 'string').join('/')
        : call.args.items.length === 1 && isPlain(first)
          ? first
          : undefined
  }
}

/** What a class of texts was made of, such as a version. */
function plainText(args: readonly PickleValue[]): string | undefined {
  return args.length === 1 && typeof args[0] === 'string' ? args[0] : undefined
}

function isPlain(value: PickleValue | undefined): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

/** @source NumPy, `scalar(dtype, bytes)`; before protocol 3 bytes are text in Latin-1 */
function numpyScalar([dtype, content]: readonly PickleValue[]): number | boolean | undefined {
  const type = asKind(dtype, 'call')?.args.items[0]
  const encoded = asKind(content, 'call')?.args.items[0]
  const bytes =
    content instanceof Uint8Array
      ? Buffer.from(content)
      : typeof encoded === 'string'
        ? Buffer.from(encoded, 'latin1')
        : null
  const read = typeof type === 'string' ? numpyTypes.get(type) : undefined
  return bytes === null || read === undefined || bytes.length !== Number(read.size)
    ? undefined
    : read.value(bytes)
}

const numpyTypes = new Map<string, { size: number; value: (bytes: Buffer) => number | boolean }>([
  ['b1', { size: 1, value: bytes => bytes[0] !== 0 }],
  ['i2', { size: 2, value: bytes => bytes.readInt16LE() }],
  ['i4', { size: 4, value: bytes => bytes.readInt32LE() }],
  ['i8', { size: 8, value: bytes => Number(bytes.readBigInt64LE()) }],
  ['u8', { size: 8, value: bytes => Number(bytes.readBigUInt64LE()) }],
  ['f4', { size: 4, value: bytes => bytes.readFloatLE() }],
  ['f8', { size: 8, value: bytes => bytes.readDoubleLE() }]
])
