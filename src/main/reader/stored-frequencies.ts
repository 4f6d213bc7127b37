import { elementCount } from '#common/model/tensor.ts'
import { pairsOf, rotaryFrequencies } from '#common/model/rotary.ts'
import type { RotarySpec, TransformerSpec } from '#common/model/spec.ts'
import { readFloat32 } from '../checkpoint/read.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { printable } from '../files/file-error.ts'

/** How far half-precision numbers may be from what they are of, as a share of it. */
const tolerance = 0.01

/**
 * Says of rotary frequencies that training left in a file where no block turns by them: they are computed from what is said of the
 * model, which may then be another base, or another scaling, than it was trained with.
 * @throws LamellaError when the file can no longer be read
 */
export async function frequencyNotes(
  { blocks }: TransformerSpec,
  { tensors }: Checkpoint
): Promise<string[]> {
  const turning = blocks.flatMap(({ attention: { positions } }) =>
    positions?.kind === 'rotary' ? [positions] : []
  )
  const found = [...tensors].find(
    ([name, { dtype, shape }]) =>
      /(^|[._])inv_freq$/.test(name) &&
      /^(F|BF)/.test(dtype) &&
      turning.some(({ dims }) => elementCount(shape) === pairsOf(dims))
  )
  if (found === undefined) return []
  const [name, entry] = found
  const stored = await readFloat32(entry)
  const isOf = (frequencies: readonly number[]) =>
    frequencies.length === stored.length &&
    frequencies.every((own, i) => Math.abs(stored[i]! - own) <= tolerance * own)
  // Some scale positions, and store what they turn by without that.
  const ways = (of: RotarySpec) => [of, { ...of, scaling: { type: 'none' as const } }]
  if (turning.flatMap(ways).some(of => isOf(rotaryFrequencies(of, 1)))) return []
  return [
    `${printable(name)} holds other rotary frequencies than this reading computes: they are not used, as in transformers, though the model may have been trained with them.`
  ]
}
