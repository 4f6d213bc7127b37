import type { TransformerSpec } from '#common/model/spec.ts'
import { printable } from '../files/file-error.ts'
import { readBytes } from '../checkpoint/read.ts'
import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.ts'

/** Bytes of both that are compared at once, and the most pieces of them. */
const pieceBytes = 1 << 20
const mostPieces = 64

/**
 * Says of an unembedding that is stored beside an embedding of its shape whether it has the same values: then it may be meant
 * to be the same matrix, and counts twice.
 * @throws LamellaError when the files can no longer be read
 */
export async function untiedNotes(
  { embedding, unembedding }: TransformerSpec,
  { tensors }: Checkpoint
): Promise<string[]> {
  const [first, second] = [embedding.tokens, unembedding?.output.weight ?? ''].map(name =>
    tensors.get(name)
  )
  if (first === undefined || second === undefined || first.name === second.name) return []
  const compared = await equalBytes(first, second)
  if (compared === null) return []
  const where =
    compared === 1 ? '' : ` wherever they were compared (1 byte in ${Math.round(1 / compared)})`
  return [
    `${printable(second.name)} is stored apart from ${printable(first.name)} with the same values${where}: both are used and counted.`
  ]
}

/** The share of two tensors that was compared and is equal, in (0, 1]; null where they differ. */
async function equalBytes(a: TensorEntry, b: TensorEntry): Promise<number | null> {
  const isAlike =
    a.dtype === b.dtype &&
    a.byteLength === b.byteLength &&
    !a.strides &&
    !b.strides &&
    a.shape.every((length, axis) => length === b.shape[axis])
  if (!isAlike) return null
  const pieces = Math.ceil(a.byteLength / pieceBytes)
  const step = Math.max(1, pieces / mostPieces)
  let compared = 0
  for (let at = 0; at < pieces; at += step) {
    const start = Math.floor(at) * pieceBytes
    const range = { start, end: Math.min(start + pieceBytes, a.byteLength) }
    const [of, other] = await Promise.all([readBytes(a, range), readBytes(b, range)])
    if (!Buffer.from(of.buffer).equals(other)) return null
    compared += range.end - range.start
  }
  return compared / a.byteLength
}
