/** The module and name a pickle mentions; a word and nothing more, it is never looked up. */
export interface PickleName {
  readonly kind: 'name'
  readonly module: string
  readonly name: string
}

export interface PickleTuple {
  readonly kind: 'tuple'
  readonly items: readonly PickleValue[]
  readonly depth: number
}

/** A list or a set. */
export interface PickleList {
  readonly kind: 'list'
  readonly items: PickleValue[]
  depth: number
}

export interface PickleDict {
  readonly kind: 'dict'
  /** Null for a plain dict, which carries no attributes. */
  readonly type: PickleName | null
  readonly entries: Map<PickleValue, PickleValue>
  depth: number
}

/** What calling something would give, were it called. */
export interface PickleCall {
  readonly kind: 'call'
  readonly callee: PickleName
  readonly args: PickleTuple
  depth: number
}

/** An object of a class that is only a name: its attributes and contents. */
export interface PickleInstance {
  readonly kind: 'instance'
  readonly type: PickleName
  readonly args: PickleTuple
  readonly entries: Map<PickleValue, PickleValue>
  readonly items: PickleValue[]
  state: PickleValue
  depth: number
}

/** Something stored outside the pickle, by the id it has there. */
export interface PicklePersistent {
  readonly kind: 'persistent'
  readonly id: PickleValue
  readonly depth: number
}

export type PickleContainer =
  PickleTuple | PickleList | PickleDict | PickleCall | PickleInstance | PicklePersistent

/** Any value of a pickle. Integers past 2^53 are bigints. */
export type PickleValue =
  null | boolean | number | bigint | string | Uint8Array | PickleName | PickleContainer

export const emptyTuple: PickleTuple = { kind: 'tuple', items: [], depth: 1 }

/** The value as the kind asked for, or null when it is of another. */
export function asKind<K extends PickleContainer['kind'] | 'name'>(
  value: PickleValue | undefined,
  kind: K
): Extract<PickleContainer | PickleName, { kind: K }> | null {
  const isObject = typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
  return isObject && value.kind === kind
    ? (value as Extract<PickleContainer | PickleName, { kind: K }>)
    : null
}

/** `module.name` as Python 3 spells it; of NumPy as all its versions but the newest do. */
export function fullName({ module, name }: PickleName): string {
  const known = renamed.get(module) ?? module.replace(/^numpy\._core(?=\.|$)/, 'numpy.core')
  return renamed.get(`${known}.${name}`) ?? `${known}.${name}`
}

/** How deep a value nests: 0 for a scalar. */
export function depthOf(value: PickleValue): number {
  return typeof value === 'object' && value !== null && 'depth' in value ? value.depth : 0
}

const renamed = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['operator', '_operator'],
  ['builtins.xrange', 'builtins.range'],
  ['builtins.unicode', 'builtins.str'],
  ['builtins.long', 'builtins.int']
])
