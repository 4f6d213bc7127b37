import type { Random } from './random.ts'

/** Whole numbers at which readers go wrong. */
export const edgeNumbers = [
  ...[-1, 0, 1, 2, 3, 4, 7, 8, 15, 16, 64, 127, 128, 255, 256, 1000, 4095, 4096, 65535, 65536],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 2 ** 53 - 1, 2 ** 53, -(2 ** 31)]
]

/** Text at which readers go wrong: names of built-ins, paths, markup, controls, wide characters. */
export const edgeTexts = [
  ...['', ' ', 'a', '0', '-1', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '\0'],
  ...['../x', '/etc/passwd', 'C:\\x', '\\\\host\\share', '.', 'a/../../b', 'sub/x', 'model'],
  ...['<img src=x onerror=alert(1)>', '\u202eabc', '\ufeff', '👍🏽', 'é', 'שלום', '漢字', '\ud800'],
  ...['e\u0301\u0302', 'a\nb', '\u2028', '▁', 'Ġ', '##a', '<0x41>', '%s%n', '${x}', 'NaN', 'null']
]

/** Bytes with one to six things wrong. */
export function mutated(random: Random, bytes: Uint8Array): Uint8Array {
  let result = bytes
  for (let faults = 1 + random.below(6); faults > 0; faults--)
    result = random.pick(faultsOfBytes)(random, result)
  return result
}

type Fault = (random: Random, bytes: Uint8Array) => Uint8Array

const faultsOfBytes: readonly Fault[] = [
  (random, bytes) => changed(bytes, at(random, bytes), [random.below(256)]),
  (random, bytes) => {
    const place = at(random, bytes)
    return changed(bytes, place, [(bytes[place] ?? 0) ^ (1 << random.below(8))])
  },
  (random, bytes) => changed(bytes, at(random, bytes), edgeBytes(random)),
  (random, bytes) => changed(bytes, at(random, bytes), random.bytes(1 + random.below(8))),
  (random, bytes) => bytes.subarray(0, at(random, bytes)),
  (random, bytes) => spliced(bytes, at(random, bytes), 0, random.bytes(1 + random.below(16))),
  (random, bytes) => spliced(bytes, at(random, bytes), 1 + random.below(32), new Uint8Array()),
  (random, bytes) => {
    const from = at(random, bytes)
    const copy = bytes.subarray(from, from + 1 + random.below(64))
    const times = random.oneIn(40) ? 2000 : 1 + random.below(3)
    return spliced(bytes, at(random, bytes), 0, Buffer.concat(Array<Uint8Array>(times).fill(copy)))
  },
  (random, bytes) => {
    const [to, from] = [at(random, bytes), at(random, bytes)]
    return changed(bytes, to, bytes.slice(from, from + 1 + random.below(32)))
  }
]

/** An edge number as an integer of one, two, four or eight bytes. */
function edgeBytes(random: Random): Uint8Array {
  const bytes = Buffer.alloc(8)
  const value = BigInt(random.pick(edgeNumbers))
  if (random.oneIn(4)) bytes.writeBigInt64BE(value)
  else bytes.writeBigInt64LE(value)
  return bytes.subarray(0, random.pick([1, 2, 4, 8]))
}

function at(random: Random, bytes: Uint8Array): number {
  return random.below(bytes.length + 1)
}

function changed(bytes: Uint8Array, place: number, values: ArrayLike<number>): Uint8Array {
  const result = bytes.slice()
  for (let i = 0; i < values.length && place + i < result.length; i++)
    result[place + i] = values[i]!
  return result
}

function spliced(
  bytes: Uint8Array,
  place: number,
  removed: number,
  inserted: Uint8Array
): Uint8Array {
  return Buffer.concat([bytes.subarray(0, place), inserted, bytes.subarray(place + removed)])
}
