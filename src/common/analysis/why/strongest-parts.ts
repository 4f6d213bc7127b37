import { largest } from '../softmax.ts'

/** Something that adds to a logit: a head, the MLP of a block, or one of its neurons. */
export interface Part {
  readonly kind: 'head' | 'MLP' | 'neuron'
  readonly layer: number
  /** Of a head or a neuron; null of an MLP. */
  readonly index: number | null
  readonly direct: number
}

/** How often the usual magnitude of its kind a part must give to stand out. */
const standing = 5

/** Parts whose magnitudes are the largest, strongest first. */
export function strongestParts(parts: readonly Part[], count: number): Part[] {
  const magnitudes = Float64Array.from(parts, ({ direct }) => Math.abs(direct))
  return largest(magnitudes, count).map(place => parts[place]!)
}

/**
 * Whether a part may be named as a reason: what it gives stands out of what others of its kind give, and the number
 * without it says much the same.
 * @param others what all of its kind give
 * @param ablation how far the number falls without it
 */
export function standsOut(
  { kind, direct }: Pick<Part, 'kind' | 'direct'>,
  ablation: number,
  others: readonly number[]
): boolean {
  // Neurons are listed and never named.
  if (kind === 'neuron') return false
  const usual = median(others.map(Math.abs))
  const share = ablation / direct
  return Math.abs(direct) > standing * usual && share > 0.5 && share < 2
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2
}
