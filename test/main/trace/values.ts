import type { Tensor } from '#common/model/tensor.ts'

/** Values that do not compress, so that sizes are what they seem. */
export function noise(count: number, seed: number): Tensor {
  let state = seed
  const data = Float32Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return state / 2 ** 31
  })
  return { shape: [count], data }
}
