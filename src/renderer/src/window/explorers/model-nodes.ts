import type { ModelInfo, TensorInfo } from '#common/contract/schemas.ts'
import { absenceWord } from '#common/model/absence.ts'
import { nameText, type DistinctName } from '#common/text/distinct-names.ts'
import { hasWordsOf } from '#common/text/has-words.ts'
import { shapeText } from '#common/text/number-text.ts'
import { visibleText } from '#common/text/visible-text.ts'

/** One line of the explorer of models. */
export interface ModelNode {
  readonly key: string
  readonly kind: 'model' | 'block' | 'part' | 'tensor' | 'rest'
  readonly modelId: string
  readonly label: string
  /** Of a model. */
  readonly named?: DistinctName
  readonly note: string
  /** Whether a session stands in for the model. */
  readonly absent?: boolean
  /** What the label leaves out. */
  readonly title?: string | undefined
  /** Of a block. */
  readonly layer?: number
  /** Name in the files. */
  readonly tensor?: string
  readonly children?: readonly ModelNode[]
}

/** Tensors that are listed below one line; there are models of more than a hundred thousand. */
const mostListed = 300

/**
 * A model as what stands before its blocks, a line a block, and what comes after them.
 * @param named what it is called among those that are open
 */
export function modelNode(model: ModelInfo, named: DistinctName): ModelNode {
  const { config, id } = model
  const layers = config?.nLayers ?? 0
  const before: TensorInfo[] = []
  const after: TensorInfo[] = []
  const inBlocks = Array.from({ length: layers }, (): TensorInfo[] => [])
  for (const tensor of model.tensors) {
    const own = inBlocks[tensor.layer ?? -1]
    const isFirst = tensor.category === 'embedding' || tensor.category === 'position'
    ;(own ?? (isFirst ? before : after)).push(tensor)
  }
  const blocks = inBlocks.map((tensors, layer): ModelNode => ({
    key: blockKey(id, layer),
    kind: 'block',
    modelId: id,
    label: `block ${layer}`,
    note: '',
    layer,
    children: tensorNodes(id, tensors, name => afterNumber(name, layer))
  }))
  const whole = (name: string) => name
  const children = [
    ...part(id, layers === 0 ? 'embeddings' : 'embed', tensorNodes(id, before, whole)),
    ...blocks,
    ...part(id, layers === 0 ? 'tensors' : 'unembed', tensorNodes(id, after, whole))
  ]
  return {
    key: id,
    kind: 'model',
    modelId: id,
    label: nameText(named),
    named,
    note: model.absent ? absenceWord[model.absent] : (model.family ?? ''),
    absent: model.absent !== undefined,
    title: visibleText(model.path),
    children
  }
}

/** A model with those of its blocks and tensors that hold every word, in one list. */
export function matchingNode(model: ModelInfo, named: DistinctName, query: string): ModelNode {
  const has = hasWordsOf(query)
  const node = modelNode({ ...model, tensors: [] }, named)
  const heads = model.config?.nHeads ?? 0
  const blocks = (node.children ?? []).filter(({ layer }) => {
    const names = Array.from({ length: heads }, (_, head) => `head ${layer}.${head}`)
    return layer !== undefined && [`block ${layer}`, ...names].some(has)
  })
  const tensors = model.tensors.filter(({ name }) => has(name))
  return { ...node, children: [...blocks, ...tensorNodes(model.id, tensors, name => name)] }
}

export function blockKey(modelId: string, layer: number): string {
  return `${modelId}/${layer}`
}

function part(modelId: string, label: string, children: readonly ModelNode[]): ModelNode[] {
  if (children.length === 0) return []
  return [{ key: `${modelId}/${label}`, kind: 'part', modelId, label, note: '', children }]
}

function tensorNodes(
  modelId: string,
  tensors: readonly TensorInfo[],
  short: (name: string) => string
): ModelNode[] {
  const listed = tensors.slice(0, mostListed).map(({ name, dtype, shape }): ModelNode => ({
    key: `${modelId} ${name}`,
    kind: 'tensor',
    modelId,
    label: visibleText(short(name)),
    note: shapeText(shape),
    title: `${visibleText(name)}\n${shapeText(shape)} · ${dtype}`,
    tensor: name
  }))
  const left = tensors.length - listed.length
  if (left === 0) return listed
  const label = `and ${left.toLocaleString('en-US')} more`
  const key = `${modelId} ${tensors[0]!.name} rest`
  return [...listed, { key, kind: 'rest', modelId, label, note: 'in Overview' }]
}

/** What a tensor's name says after the number of its block; all of it where it says none. */
function afterNumber(name: string, layer: number): string {
  const [, after] = new RegExp(`(?:^|[._/])${layer}[._/](.+)$`, 's').exec(name) ?? []
  return after ?? name
}
