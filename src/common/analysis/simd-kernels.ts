import {
  added,
  advance,
  at,
  f64,
  float32,
  float64,
  functionOf,
  get,
  growTo,
  i32,
  load,
  loadHalf,
  moduleInstances,
  promote,
  repeated,
  set,
  simd,
  store,
  type Code,
  type Width,
  type WithMemory
} from './simd-code.ts'

/** Inner loops of products. */
export interface SimdKernels extends WithMemory {
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

let kernels: SimdKernels | null = null

/** The kernels, made once a thread, with so many bytes of memory; what whoever had them before left there is lost. */
export function simdKernels(bytes: number): SimdKernels {
  kernels ??= instance()
  growTo(kernels, bytes)
  return kernels
}

const instance = moduleInstances<SimdKernels>(isFused => [
  ...[
    { name: 'tile64', body: tileBody(float64, isFused) },
    { name: 'tile32', body: tileBody(float32, isFused) }
  ].map(tile => ({ ...tile, parameters: [i32, i32, i32, i32], results: [] })),
  { name: 'dot', parameters: [i32, i32, i32], results: [f64], body: dotBody(1, isFused) },
  { name: 'square', parameters: [i32, i32], results: [f64], body: dotBody(null, isFused) }
])

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
