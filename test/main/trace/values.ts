import type { Tensor } from '#common/model/tensor.ts'
import type { KeptTensor } from '../../../src/main/trace/encoding.ts'

/** Values that do not compress, so that sizes are what they seem. */
export function noise(count: number, seed: number): Tensor {
  let state = seed
  const data = Float32Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return state / 2 ** 31
  })
  return { shape: [count], data }
}

/** The same in half precision. */
export function halfNoise(count: number, seed: number): KeptTensor {
  return { shape: [count], data: new Float16Array(noise(count, seed).data) }
}
