import type { TransformerSpec } from '#common/model/spec.ts'
import { buffersOf } from '../architecture/describe/buffers.ts'
import { otherHeads } from '../architecture/heads.ts'
import { rolesOf } from '../architecture/roles.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { fileLabel, printable } from '../files/file-error.ts'

const mostShown = 4

/**
 * Which tensors of a checkpoint the reading does not use, in at most one sentence. Masks and other buffers are computed anew, and of
 * heads that are not computed the limits tell.
 * @param checkpoint with its aliases
 */
export function unusedTensors(spec: TransformerSpec, { tensors }: Checkpoint): string[] {
  const used = new Set(rolesOf(spec).map(({ tensor }) => tensors.get(tensor)?.name ?? tensor))
  const { weights } = buffersOf(tensors)
  const heads = new Set(otherHeads(tensors))
  const unused = [...weights.keys()].filter(
    name => !used.has(tensors.get(name)!.name) && !heads.has(name)
  )
  if (unused.length === 0) return []
  const alike = Map.groupBy(unused, name => name.replaceAll(/(?<=\.)\d+(?=\.)/g, '*'))
  // One by itself says by its number in which layer it is.
  const patterns = [...alike].map(([pattern, [name, ...others]]) =>
    others.length === 0 ? printable(name!) : `${printable(pattern)} (${1 + others.length})`
  )
  const number = unused.length === 1 ? 'One tensor is' : `${unused.length} tensors are`
  return [`${number} not used by this reading: ${shown(patterns)}`]
}

/** That a PyTorch file holds tensors beside the model that are not read, in at most one sentence. */
export function unreadStates({ beside = [], files }: Checkpoint): string[] {
  if (beside.length === 0) return []
  const label = fileLabel(files[0]!.label)
  const names = [...new Set(beside)].map(printable)
  return [`${label} holds other tensors beside the model, which are not read: ${shown(names)}`]
}

function shown(names: readonly string[]): string {
  return names.slice(0, mostShown).join(', ') + (names.length > mostShown ? ', …' : '')
}
