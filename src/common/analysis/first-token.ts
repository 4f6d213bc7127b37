import type { Tensor } from '../model/tensor.ts'

/** Whether patterns have their first key, on which many heads rest what they do not need elsewhere (the sink). */
export const firstTokens = ['shown', 'hidden'] as const
export type FirstToken = (typeof firstTokens)[number]

/** What is said of patterns without it. */
export const firstTokenHidden = 'first token hidden, rows renormalised'

/**
 * Patterns without their first key: each row divided by what is left of it; a row that is left nothing is zeros.
 * @param patterns [..., query, key], none below zero
 * @returns the same axes, the first key's column zeros
 */
export function withoutFirstKey({ shape, data }: Tensor): Tensor {
  const keys = shape.at(-1) ?? 0
  const rest = new Float32Array(data.length)
  for (let row = 0; row < data.length; row += keys) {
    let left = 0
    for (let key = 1; key < keys; key++) left += data[row + key]!
    if (left === 0) continue
    for (let key = 1; key < keys; key++) rest[row + key] = data[row + key]! / left
  }
  return { shape, data: rest }
}
