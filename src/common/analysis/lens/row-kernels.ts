import {
  added,
  advance,
  at,
  constant,
  f32,
  float32,
  functionOf,
  get,
  i32,
  load,
  moduleInstances,
  repeated,
  set,
  simd,
  store,
  type Code,
  type WithMemory
} from '../simd-code.ts'

/**
 * Inner loops over rows of logits, four at a step. Where e^x is taken, x ≤ 0, it is within 2e-7 of itself, and 0 below
 * e^−87. Counts are of vectors of four and at least one.
 */
export interface RowKernels extends WithMemory {
  /** Writes the highest of each `blockOf` numbers to `out`; −∞ where there are none but NaN. */
  readonly maxima: (row: number, blocks: number, out: number) => void
  /** Takes `most` off every number, and writes e to the power of what is left to `out`. */
  readonly shares: (row: number, vectors: number, most: number, out: number) => void
  /**
   * With x the row less `most`, writes four vectors of sums in float32 to `out`: of e^x, of e^x x, of e^x other, of share x.
   * They are of few numbers each, so that little is lost.
   */
  readonly sums: (
    row: number,
    other: number,
    shares: number,
    vectors: number,
    most: number,
    out: number
  ) => void
  /** Writes a vector of how many are above `own`. */
  readonly above: (row: number, vectors: number, own: number, out: number) => void
}

/** Numbers of which the highest is known. */
export const blockOf = 64

/** Kernels with a memory of their own. */
export const rowKernels = moduleInstances<RowKernels>(isFused => [
  { name: 'maxima', parameters: [i32, i32, i32], results: [], body: maximaBody() },
  { name: 'shares', parameters: [i32, i32, f32, i32], results: [], body: sharesBody(isFused) },
  {
    ...{ name: 'sums', parameters: [i32, i32, i32, i32, f32, i32], results: [] },
    body: sumsBody(isFused)
  },
  { name: 'above', parameters: [i32, i32, f32, i32], results: [], body: aboveBody() }
])

const splat = simd(0x13)
const lane = (index: number): Code => [...simd(0x1f), index]
const [subtract, less, greater] = [simd(0xe5), simd(0x43), simd(0x44)]
/** The second where it is above the first: NaN is above nothing. */
const higher = simd(0xeb)

function vector(value: number): Code {
  const bytes = new Uint8Array(Float32Array.of(value, value, value, value).buffer)
  return [...simd(0x0c), ...bytes]
}

function integers(value: number): Code {
  const bytes = new Uint8Array(Int32Array.of(value, value, value, value).buffer)
  return [...simd(0x0c), ...bytes]
}

function maximaBody(): Code {
  const [row, blocks, out, most] = [0, 1, 2, 3]
  const loads = Array.from({ length: blockOf / 4 }, (_, i) => [
    ...[...get(row), ...at(load, 16 * i), ...higher]
  ])
  const lanes = [0, 1, 2, 3].map(index => [...get(most), ...lane(index)])
  // Of numbers that are none of them NaN, f32.max is the higher one.
  const [maximum, storeFloat] = [[0x97], [0x38, 0, 0]]
  const block = [
    ...[...vector(-Infinity), ...loads.flat(), ...set(most), ...get(out)],
    ...[...lanes[0]!, ...lanes.slice(1).flatMap(code => [...code, ...maximum]), ...storeFloat],
    ...advance(row, 4 * blockOf),
    ...advance(out, 4)
  ]
  return functionOf(1, repeated(block, blocks, 1))
}

/** e^x is 0 below it. */
const lowest = -87
/** ln 2 in two parts, of which the first is exact when multiplied with small whole numbers. */
const ln2 = [0.693359375, -2.1219444e-4] as const
/** Of e^r = 1 + r + r² (…) for |r| ≤ ½ ln 2, the highest power first. */
const powers = [
  ...[1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3],
  ...[4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1]
]

/** What the exponential takes of a function's locals. */
interface ExponentialLocals {
  /** x ≤ 0; stays. */
  readonly x: number
  /** x, but no lower than the lowest one; written. */
  readonly held: number
  /** e^x; written. */
  readonly share: number
  readonly others: readonly [number, number]
}

/**
 * e^x of x ≤ 0.
 * @source 2^n e^r with Cephes’ polynomial of single precision (Moshier, expf)
 */
function exponential({ x, held, share, others: [n, r] }: ExponentialLocals, isFused: boolean) {
  const times = (a: Code, b: Code): Code => [...a, ...b, ...float32.multiply]
  return [
    ...[...get(x), ...vector(lowest), ...higher, ...set(held)],
    // The nearest whole number.
    ...[...times(get(held), vector(Math.LOG2E)), ...simd(0x6a), ...set(n)],
    ...[...get(held), ...set(r)],
    ...ln2.flatMap(part => added(get(n), vector(-part), r, float32, isFused)),
    ...[...vector(powers[0]!), ...set(share)],
    ...powers
      .slice(1)
      .flatMap(power => [
        ...times(get(share), get(r)),
        ...[...vector(power), ...float32.add, ...set(share)]
      ]),
    ...times(times(get(share), get(r)), get(r)),
    ...[...get(r), ...float32.add, ...vector(1), ...float32.add],
    // 2^n by its exponent’s bits.
    ...[...get(n), ...simd(0xf8), ...integers(127), ...simd(0xae), ...constant(23), ...simd(0xab)],
    ...float32.multiply,
    // None where x is below the lowest; what is NaN stays so.
    ...[...get(x), ...vector(lowest), ...less, ...simd(0x4f), ...set(share)]
  ]
}

/** Sets x to four numbers of a row less the highest. */
function lessMost(row: number, most: number, x: number): Code {
  return [...get(row), ...at(load, 0), ...get(most), ...splat, ...subtract, ...set(x)]
}

function sharesBody(isFused: boolean): Code {
  const [row, vectors, most, out, x, held, share, n, r] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const step = [
    ...lessMost(row, most, x),
    ...exponential({ x, held, share, others: [n, r] }, isFused),
    ...[...get(row), ...get(x), ...at(store, 0)],
    ...[...get(out), ...get(share), ...at(store, 0)],
    ...advance(row, 16),
    ...advance(out, 16)
  ]
  return functionOf(5, repeated(step, vectors, 1))
}

function sumsBody(isFused: boolean): Code {
  const [row, other, shares, vectors, most, out] = [0, 1, 2, 3, 4, 5]
  const [x, held, share, n, r] = [6, 7, 8, 9, 10]
  const sum = (i: number) => 11 + i
  const step = [
    ...lessMost(row, most, x),
    ...exponential({ x, held, share, others: [n, r] }, isFused),
    ...[...get(sum(0)), ...get(share), ...float32.add, ...set(sum(0))],
    ...added(get(share), get(held), sum(1), float32, isFused),
    ...added(get(share), [...get(other), ...at(load, 0)], sum(2), float32, isFused),
    ...added([...get(shares), ...at(load, 0)], get(x), sum(3), float32, isFused),
    ...[row, other, shares].flatMap(address => advance(address, 16))
  ]
  const results = [0, 1, 2, 3].flatMap(i => [...get(out), ...get(sum(i)), ...at(store, 16 * i)])
  return functionOf(9, [...repeated(step, vectors, 1), ...results])
}

function aboveBody(): Code {
  const [row, vectors, own, out, count] = [0, 1, 2, 3, 4]
  const step = [
    // What is above is −1 as a whole number.
    ...[...get(count), ...get(row), ...at(load, 0), ...get(own), ...splat, ...greater],
    ...[...simd(0xb1), ...set(count)],
    ...advance(row, 16)
  ]
  return functionOf(1, [...repeated(step, vectors, 1), ...get(out), ...get(count), ...at(store, 0)])
}
