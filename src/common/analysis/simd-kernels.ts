/**
 * Inner loops of products, as a WebAssembly module that is put together here: JavaScript has no vector instructions, and these
 * take several numbers at a step.
 * @source WebAssembly Core Specification 3.0, sections 5.4 (instructions) and 5.5 (modules)
 */

/** Types of WebAssembly come with those of a window alone; this is what is used of it. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { readonly exports: unknown }
}

/** Addresses are bytes of `memory`. */
export interface SimdKernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /**
   * Products of four rows and some columns, which lie packed: [step, 4] and [step, columns], four of float64, eight of float32.
   * Writes [4, columns] to `out`; at least one step.
   */
  readonly tile64: (left: number, right: number, steps: number, out: number) => void
  readonly tile32: (left: number, right: number, steps: number, out: number) => void
  /** The product of `count` numbers in float32 and as many in float64, added in float64; a multiple of eight, at least eight. */
  readonly dot: (floats: number, doubles: number, count: number) => number
  /** The product of `count` numbers in float32 with themselves, alike. */
  readonly square: (floats: number, count: number) => number
}

/** Bytes that memory grows by. */
const pageBytes = 2 ** 16

let kernels: SimdKernels | null = null

/** The kernels, made once a thread, with so many bytes of memory; what whoever had them before left there is lost. */
export function simdKernels(bytes: number): SimdKernels {
  kernels ??= compiled()
  const missing = bytes - kernels.memory.buffer.byteLength
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / pageBytes))
  return kernels
}

function compiled(): SimdKernels {
  // Multiplied and added in one instruction where the platform has it.
  const fused = moduleOf(true)
  const bytes = WebAssembly.validate(fused) ? fused : moduleOf(false)
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as SimdKernels
}

type Code = readonly number[]

const [i32, f64, v128] = [0x7f, 0x7c, 0x7b]
const end = 0x0b
const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)]
const get = (local: number): Code => [0x20, local]
const set = (local: number): Code => [0x21, local]
const constant = (value: number): Code => [0x41, ...signed(value)]
/** Of a vector instruction that reads or writes at an address and so many bytes after. */
const at = (opcode: number, offset: number): Code => [...simd(opcode), 0, ...unsigned(offset)]
const advance = (local: number, bytes: number): Code => [
  ...get(local),
  ...constant(bytes),
  0x6a,
  ...set(local)
]
const load = 0x00
const store = 0x0b
const loadHalf = 0x5d
const promote = simd(0x5f)

interface Width {
  readonly bytes: number
  readonly splat: number
  readonly add: Code
  readonly multiply: Code
  /** a b + c in one instruction. */
  readonly fused: Code
}
const float64: Width = {
  ...{ bytes: 8, splat: 0x0a, add: simd(0xf0), multiply: simd(0xf2), fused: simd(0x107) }
}
const float32: Width = {
  ...{ bytes: 4, splat: 0x09, add: simd(0xe4), multiply: simd(0xe6), fused: simd(0x105) }
}

/** Adds the product of two vectors to a local. */
function added(a: Code, b: Code, sum: number, width: Width, isFused: boolean): Code {
  return isFused
    ? [...a, ...b, ...get(sum), ...width.fused, ...set(sum)]
    : [...get(sum), ...a, ...b, ...width.multiply, ...width.add, ...set(sum)]
}

/** Repeats until a local has been counted down by steps of so many to 0. */
function repeated(body: Code, counter: number, by: number): Code {
  const countDown = [...get(counter), ...constant(by), 0x6b, 0x22, counter]
  return [0x03, 0x40, ...body, ...countDown, 0x0d, 0, end]
}

/** Sums of a tile of four rows by two vectors of columns, each in a register of its own. */
function tileBody(width: Width, isFused: boolean): Code {
  const [left, right, steps, out] = [0, 1, 2, 3]
  const sum = (i: number) => 4 + i
  const columns = [12, 13]
  const row = 14
  const step = [
    ...columns.flatMap((local, j) => [...get(right), ...at(load, 16 * j), ...set(local)]),
    ...[0, 1, 2, 3].flatMap(i => [
      ...get(left),
      ...at(width.splat, width.bytes * i),
      ...set(row),
      ...columns.flatMap((local, j) => added(get(row), get(local), sum(2 * i + j), width, isFused))
    ]),
    ...advance(left, 4 * width.bytes),
    ...advance(right, 32)
  ]
  const results = [...Array(8).keys()].flatMap(i => [
    ...get(out),
    ...get(sum(i)),
    ...at(store, 16 * i)
  ])
  return functionOf(11, [...repeated(step, steps, 1), ...results])
}

/** Eight numbers a step in four sums; `doubles` is null where the numbers are multiplied with themselves. */
function dotBody(doubles: 1 | null, isFused: boolean): Code {
  const [floats, count] = [0, doubles === null ? 1 : 2]
  const own = count + 5
  const sum = (i: number) => count + 1 + i
  const step = [
    ...[0, 1, 2, 3].flatMap(i => {
      const other = doubles === null ? get(own) : [...get(doubles), ...at(load, 16 * i)]
      return [
        ...[...get(floats), ...at(loadHalf, 8 * i), ...promote, ...set(own)],
        ...added(get(own), other, sum(i), float64, isFused)
      ]
    }),
    ...advance(floats, 32),
    ...(doubles === null ? [] : advance(doubles, 64))
  ]
  const total = [
    ...[...get(sum(0)), ...get(sum(1)), ...float64.add],
    ...[...get(sum(2)), ...get(sum(3)), ...float64.add, ...float64.add],
    ...set(own)
  ]
  const lanes = [0, 1].flatMap(lane => [...get(own), ...simd(0x21), lane])
  return functionOf(5, [...repeated(step, count, 8), ...total, ...lanes, 0xa0])
}

/** A function's locals, which are vectors, and what it does. */
function functionOf(vectors: number, body: Code): Code {
  return counted([1, vectors, v128, ...body, end])
}

function moduleOf(isFused: boolean): Uint8Array {
  const typed = (parameters: Code, results: Code): Code => [
    ...[0x60, ...counted(parameters), ...counted(results)]
  ]
  const types = [
    typed([i32, i32, i32, i32], []),
    typed([i32, i32, i32], [f64]),
    typed([i32, i32], [f64])
  ]
  const functions = [
    { name: 'tile64', type: 0, body: tileBody(float64, isFused) },
    { name: 'tile32', type: 0, body: tileBody(float32, isFused) },
    { name: 'dot', type: 1, body: dotBody(1, isFused) },
    { name: 'square', type: 2, body: dotBody(null, isFused) }
  ]
  const exported = (name: string, kind: number, index: number): Code => [
    ...[...counted([...name].map(letter => letter.charCodeAt(0))), kind, index]
  ]
  const exports = [
    exported('memory', 2, 0),
    ...functions.map(({ name }, index) => exported(name, 0, index))
  ]
  const sections: readonly (readonly [number, readonly Code[]])[] = [
    [1, types],
    [3, functions.map(({ type }) => [type])],
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
