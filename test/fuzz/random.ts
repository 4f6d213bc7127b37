/** Numbers that look random and are the same again for the same seed. */
export interface Random {
  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number
  /** True once in `times`. */
  oneIn(times: number): boolean
  pick<T>(choices: readonly T[]): T
  bytes(length: number): Uint8Array<ArrayBuffer>
  /** What `make` gives, between `least` and `most` times. */
  several<T>(least: number, most: number, make: () => T): T[]
}

/** @source Marsaglia 2003, Xorshift RNGs, section 3: the triple 13, 17, 5 */
export function randomFrom(seed: string): Random {
  let state = hash(seed) || 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  // The first numbers of near seeds are near.
  for (let i = 0; i < 8; i++) next()
  const below = (limit: number): number => next() % limit
  return {
    below,
    oneIn: times => below(times) === 0,
    pick: choices => choices[below(choices.length)]!,
    bytes: length => Uint8Array.from({ length }, () => next() >>> 24),
    several: (least, most, make) =>
      Array.from({ length: least + below(most - least + 1) }, () => make())
  }
}

/** @source Fowler, Noll and Vo: FNV-1a of 32 bits */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193)
  return value
}
