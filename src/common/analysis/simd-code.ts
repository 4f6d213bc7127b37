/**
 * WebAssembly modules that are put together here, for inner loops: JavaScript has no vector instructions, and these take
 * several numbers at a step.
 * @source WebAssembly Core Specification 3.0, sections 5.4 (instructions) and 5.5 (modules)
 */

/** Types of WebAssembly come with those of a window alone; this is what is used of it. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
}

/** What every module exports beside its functions, whose addresses are bytes of it. */
export interface WithMemory {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
}

/** A function that a module exports. */
export interface ModuleFunction {
  readonly name: string
  readonly parameters: Code
  readonly results: Code
  readonly body: Code
}

/** Instructions as bytes. */
export type Code = readonly number[]

/** Bytes that memory grows by. */
const pageBytes = 2 ** 16

/**
 * A module that is compiled once, of which instances are made, each with a memory of its own.
 * @param functions by whether products may be multiplied and added in one instruction: where the platform has it
 */
export function moduleInstances<K extends WithMemory>(
  functions: (isFused: boolean) => readonly ModuleFunction[]
): () => K {
  let module: object | null = null
  return () => {
    module ??= compiled(functions)
    return new WebAssembly.Instance(module).exports as K
  }
}

/** Makes memory of at least so many bytes; views of it from before are of nothing then. */
export function growTo({ memory }: WithMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes))
}

function compiled(functions: (isFused: boolean) => readonly ModuleFunction[]): object {
  const fused = moduleOf(functions(true))
  return new WebAssembly.Module(WebAssembly.validate(fused) ? fused : moduleOf(functions(false)))
}

export const [i32, f32, f64] = [0x7f, 0x7d, 0x7c]
const v128 = 0x7b
const end = 0x0b
export const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)]
export const get = (local: number): Code => [0x20, local]
export const set = (local: number): Code => [0x21, local]
export const constant = (value: number): Code => [0x41, ...signed(value)]
/** Of a vector instruction that reads or writes at an address and so many bytes after. */
export const at = (opcode: number, offset: number): Code => [
  ...simd(opcode),
  0,
  ...unsigned(offset)
]
export const advance = (local: number, bytes: number): Code => [
  ...get(local),
  ...constant(bytes),
  0x6a,
  ...set(local)
]
export const load = 0x00
export const store = 0x0b
export const loadHalf = 0x5d
export const promote = simd(0x5f)

export interface Width {
  readonly bytes: number
  readonly splat: number
  readonly add: Code
  readonly multiply: Code
  /** a b + c in one instruction. */
  readonly fused: Code
}
export const float64: Width = {
  ...{ bytes: 8, splat: 0x0a, add: simd(0xf0), multiply: simd(0xf2), fused: simd(0x107) }
}
export const float32: Width = {
  ...{ bytes: 4, splat: 0x09, add: simd(0xe4), multiply: simd(0xe6), fused: simd(0x105) }
}

/** Adds the product of two vectors to a local. */
export function added(a: Code, b: Code, sum: number, width: Width, isFused: boolean): Code {
  return isFused
    ? [...a, ...b, ...get(sum), ...width.fused, ...set(sum)]
    : [...get(sum), ...a, ...b, ...width.multiply, ...width.add, ...set(sum)]
}

/** Repeats until a local has been counted down by steps of so many to 0. */
export function repeated(body: Code, counter: number, by: number): Code {
  const countDown = [...get(counter), ...constant(by), 0x6b, 0x22, counter]
  return [0x03, 0x40, ...body, ...countDown, 0x0d, 0, end]
}

/** A function's locals, which are vectors, and what it does. */
export function functionOf(vectors: number, body: Code): Code {
  return counted([1, vectors, v128, ...body, end])
}

function moduleOf(functions: readonly ModuleFunction[]): Uint8Array {
  const exported = (name: string, kind: number, index: number): Code => [
    ...[...counted([...name].map(letter => letter.charCodeAt(0))), kind, index]
  ]
  const exports = [
    exported('memory', 2, 0),
    ...functions.map(({ name }, index) => exported(name, 0, index))
  ]
  const sections: readonly (readonly [number, readonly Code[]])[] = [
    [
      1,
      functions.map(({ parameters, results }) => [
        ...[0x60, ...counted(parameters), ...counted(results)]
      ])
    ],
    [3, functions.map((_, index) => [index])],
    [5, [[0, 1]]],
    [7, exports],
    [10, functions.map(({ body }) => body)]
  ]
  const magic = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  return Uint8Array.from([
    ...magic,
    ...sections.flatMap(([id, items]) => [
      id,
      ...counted([...unsigned(items.length), ...items.flat()])
    ])
  ])
}

/** After how many bytes there are. */
function counted(code: Code): Code {
  return [...unsigned(code.length), ...code]
}

/** In LEB128, seven bits a byte. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** Of a number that is not negative: its sign is the last byte’s bit 6. */
function signed(value: number): Code {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)]
}
