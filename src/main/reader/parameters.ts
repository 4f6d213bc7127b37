import type { ModelInfo, TensorInfo } from '#common/contract/schemas.ts'
import { elementCount } from '#common/model/tensor.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { blockRoles, rolesOf } from '../architecture/roles.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { fileLabel } from '../files/file-error.ts'
import { categoryByName } from './category-by-name.ts'
import { layersByName } from './layer-by-name.ts'

/**
 * Lists the tensors and counts their parameters. Where a spec says what is what, buffers that are no
 * parameters do not count, and a tensor that plays several roles counts once; elsewhere names tell what is what.
 * @param checkpoint with its aliases
 * @param blocks how many the model has; 0 where nobody knows
 */
export function countParameters(
  { tensors }: Checkpoint,
  spec: TransformerSpec | null,
  blocks: number
): Pick<ModelInfo, 'parameters' | 'parametersStored' | 'tensors' | 'ties'> {
  const stored = (name: string) => tensors.get(name)?.name ?? name
  const roles = spec === null ? [] : rolesOf(spec)
  // A tied tensor comes again with a later role: the first one is its own.
  const categories = new Map(
    roles.toReversed().map(({ tensor, category }) => [stored(tensor), category])
  )
  const layers = new Map(
    spec?.blocks
      .flatMap((block, layer) =>
        blockRoles(block, spec).map(({ tensor }) => [stored(tensor), layer] as const)
      )
      .toReversed()
  )
  const layerByName = layersByName([...tensors.keys()], blocks)
  const layerOf = (name: string, own: string) =>
    categories.has(own) ? (layers.get(own) ?? null) : layerByName(name)
  const listed: TensorInfo[] = [...tensors].map(([name, entry]) => ({
    name,
    dtype: entry.dtype,
    shape: [...entry.shape],
    parameters: elementCount(entry.shape),
    bytes: name === entry.name ? entry.byteLength : 0,
    file: fileLabel(entry.file.label),
    category: spec === null ? categoryByName(name) : (categories.get(entry.name) ?? 'other'),
    layer: layerOf(name, entry.name),
    tiedTo: name === entry.name ? null : entry.name
  }))
  const tied = spec === null ? null : tiedUnembedding(spec, listed)
  const all = tied === null ? listed : [...listed.filter(({ name }) => name !== tied.name), tied]
  const total = (of: readonly TensorInfo[]) =>
    of.reduce((sum, { parameters }) => sum + parameters, 0)
  const again = inOtherOrders(tensors, name => categories.has(name))
  const own = listed.filter(({ name, tiedTo }) => tiedTo === null && !again.has(name))
  return {
    parameters: total(spec === null ? own : own.filter(({ name }) => categories.has(name))),
    parametersStored: total(own),
    tensors: all,
    ties: [
      ...all
        .filter(({ tiedTo }) => tiedTo !== null)
        .map(({ name, tiedTo }) => `${name} is ${tiedTo}, counted once`),
      ...[...again].map(([name, first]) => `${name} is ${first} in another order, counted once`)
    ]
  }
}

/**
 * Tensors of the same stored numbers as another, such as a matrix and its transpose over one storage, each with the name of that:
 * the first that the model uses, else the first.
 */
function inOtherOrders(
  tensors: Checkpoint['tensors'],
  isUsed: (name: string) => boolean
): Map<string, string> {
  const firsts = new Map<string, string>()
  const again = new Map<string, string>()
  const used = [...tensors].filter(([name]) => isUsed(name))
  for (const [name, entry] of [...used, ...tensors]) {
    const { file, offset, byteLength, dtype, shape, content } = entry
    if (name !== entry.name || byteLength === 0 || content !== undefined) continue
    const numbers = `${offset} ${byteLength} ${dtype} ${elementCount(shape)} ${file.path}`
    const first = firsts.get(numbers)
    if (first === undefined) firsts.set(numbers, name)
    else if (first !== name && !again.has(name)) again.set(name, first)
  }
  return again
}

/** The unembedding as a tensor of its own in the list, when it is the embedding over again. */
function tiedUnembedding(
  { unembedding }: TransformerSpec,
  listed: readonly TensorInfo[]
): TensorInfo | null {
  if (unembedding === null || unembedding.alias === null) return null
  const { alias, output } = unembedding
  const known = listed.find(({ name }) => name === alias)
  if (known?.tiedTo) return null
  const embedding = listed.find(({ name }) => name === output.weight)!
  const tiedTo = embedding.tiedTo ?? embedding.name
  if (alias === tiedTo) return null
  return {
    ...embedding,
    name: alias,
    bytes: known?.bytes ?? 0,
    category: 'unembedding',
    layer: null,
    tiedTo
  }
}
