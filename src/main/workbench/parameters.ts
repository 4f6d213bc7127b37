import { basename } from 'node:path'
import type { ModelInfo, TensorInfo } from '#common/contract/schemas.ts'
import { elementCount } from '#common/model/tensor.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { rolesOf } from '../architecture/roles.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'

/** Under what name the unembedding is looked for when its weights are the embedding's. */
const unembeddingName = 'lm_head.weight'

/**
 * Lists the tensors and counts their parameters. Where a spec says what is what, buffers that are no
 * parameters do not count, and a tensor that plays two roles counts once.
 */
export function countParameters(
  { tensors }: Checkpoint,
  spec: TransformerSpec | null
): Pick<ModelInfo, 'parameters' | 'parametersStored' | 'tensors' | 'ties'> {
  const roles = spec === null ? [] : rolesOf(spec)
  // A tied tensor comes again with a later role: the first one is its own.
  const categories = new Map(roles.toReversed().map(({ tensor, category }) => [tensor, category]))
  const listed: TensorInfo[] = [...tensors.values()].map(entry => ({
    name: entry.name,
    dtype: entry.dtype,
    shape: [...entry.shape],
    parameters: elementCount(entry.shape),
    bytes: entry.byteLength,
    file: basename(entry.file),
    category: categories.get(entry.name) ?? 'other',
    tiedTo: null
  }))
  const tie = spec && tiedUnembedding(spec, listed)
  const total = (of: readonly TensorInfo[]) =>
    of.reduce((sum, { parameters }) => sum + parameters, 0)
  return {
    parameters: total(spec === null ? listed : listed.filter(({ name }) => categories.has(name))),
    parametersStored: total(listed),
    tensors: tie === null ? listed : [...listed.filter(({ name }) => name !== tie.name), tie],
    ties: tie === null ? [] : [`${tie.name} is ${tie.tiedTo}, counted once`]
  }
}

/** The unembedding as a tensor of its own in the list, when it is the embedding over again. */
function tiedUnembedding(spec: TransformerSpec, listed: readonly TensorInfo[]): TensorInfo | null {
  const { weight } = spec.unembedding
  if (weight !== spec.embedding.tokens) return null
  const stored = listed.find(({ name }) => name === unembeddingName)
  const embedding = listed.find(({ name }) => name === weight)!
  return {
    ...embedding,
    name: unembeddingName,
    bytes: stored?.bytes ?? 0,
    category: 'unembedding',
    tiedTo: weight
  }
}
