import type { LensPart } from '#common/analysis/lens/lens.ts'

/** The row of a stream, the last on top, and back. */
export function rowOfStream(stream: number, rows: number): number {
  return rows - 1 - stream
}

/**
 * The stream that a layer's choice is of.
 * @param embedding whether the one before all blocks is chosen
 */
export function streamOf(part: LensPart, layer: number, embedding: boolean): number {
  if (part !== 'resid') return layer
  return embedding ? 0 : layer + 1
}

/** The layer that a stream is of; null of the one before all blocks. */
export function layerOf(part: LensPart, stream: number): number | null {
  if (part !== 'resid') return stream
  return stream === 0 ? null : stream - 1
}
