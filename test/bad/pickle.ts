/** Pickles put together instruction by instruction. */

const text = new TextEncoder()

export const stop = '.'
export const mark = '('

/** The bytes of instructions: text is taken byte for byte, numbers are bytes. */
export function pickle(...parts: readonly (string | number | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map(part =>
      typeof part === 'string'
        ? Buffer.from(part, 'latin1')
        : typeof part === 'number'
          ? Buffer.from([part])
          : part
    )
  )
}

/** BINUNICODE. */
export function string(value: string): Uint8Array {
  const bytes = text.encode(value)
  return pickle('X', uint32(bytes.length), bytes)
}

/** BININT, or LONG1 when it takes more than four bytes. */
export function integer(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(value))
  return value === (value | 0) ? pickle('J', bytes.subarray(0, 4)) : pickle(0x8a, 8, bytes)
}

export function tuple(...items: readonly Uint8Array[]): Uint8Array {
  return pickle(mark, ...items, 't')
}

/** GLOBAL. */
export function name(module: string, attribute: string): Uint8Array {
  return pickle(`c${module}\n${attribute}\n`)
}

export function call(callee: Uint8Array, ...args: readonly Uint8Array[]): Uint8Array {
  return pickle(callee, tuple(...args), 'R')
}

/** A dict of string keys. */
export function dict(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const members = Object.entries(entries).flatMap(([key, value]) => [string(key), value])
  return pickle('}', mark, ...members, 'u')
}

export function storage(key: string, length: number, type = 'FloatStorage'): Uint8Array {
  const id = tuple(
    string('storage'),
    name('torch', type),
    string(key),
    string('cpu'),
    integer(length)
  )
  return pickle(id, 'Q')
}

export interface TensorParts {
  readonly storage?: Uint8Array
  readonly offset?: Uint8Array
  readonly shape?: readonly number[]
  readonly strides?: readonly number[]
}

/** A tensor as torch.save writes it: by default four floats of storage 0. */
export function tensor(parts: TensorParts = {}): Uint8Array {
  const shape = parts.shape ?? [4]
  const strides = parts.strides ?? [1]
  return call(
    name('torch._utils', '_rebuild_tensor_v2'),
    parts.storage ?? storage('0', 4),
    parts.offset ?? integer(0),
    tuple(...shape.map(integer)),
    tuple(...strides.map(integer)),
    pickle(0x89),
    call(name('collections', 'OrderedDict'))
  )
}

/** A whole pickle of protocol 2. */
export function whole(...parts: readonly (string | number | Uint8Array)[]): Uint8Array {
  return pickle(0x80, 2, ...parts, stop)
}

export function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export function uint64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}
