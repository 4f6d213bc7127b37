import type { ShownPoints } from './shown-points.ts'

/** How many layers tokens are seen through; null of points that are seen at once. */
export function frameCount({ set, layer }: ShownPoints): number | null {
  return set === 'token-layers' && layer !== null ? new Set(layer).size : null
}

/**
 * Tokens as they lie between two layers.
 * @param points of each layer one after the other
 * @param at from 0, of what enters the first block, to the last layer; between two each goes straight from one to the other
 */
export function frameAt(points: ShownPoints, frames: number, at: number): ShownPoints {
  const { dimensions, places, index, norm, token, kind, labels } = points
  const count = index.length / frames
  const near = Math.round(at)
  const [from, to] = [Math.floor(at), Math.min(frames - 1, Math.floor(at) + 1)]
  const size = count * dimensions
  const seen = new Float32Array(size)
  for (let i = 0; i < size; i++) {
    const [before, after] = [places[from * size + i]!, places[to * size + i]!]
    seen[i] = before + (at - from) * (after - before)
  }
  const [start, end] = [near * count, (near + 1) * count]
  return {
    ...points,
    places: seen,
    labels: labels.slice(start, end),
    index: index.subarray(start, end),
    norm: norm.subarray(start, end),
    token: token?.subarray(start, end) ?? null,
    kind: kind?.subarray(start, end) ?? null,
    layer: null
  }
}

/** Which layer is seen, in words. */
export function frameName(at: number): string {
  const near = Math.round(at)
  return near === 0 ? 'the input' : `after block ${near - 1}`
}
