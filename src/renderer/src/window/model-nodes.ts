import type { ModelConfig, ModelInfo } from '#common/contract/schemas.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { headsPerKeyValueHead, keyValueHead } from '../stores/model-facts.ts'

/** One line of the model tree. */
export interface ModelNode {
  readonly key: string
  readonly kind: 'model' | 'block' | 'attn' | 'head' | 'mlp'
  readonly modelId: string
  readonly label: string
  readonly note: string
  /** Where a model lies: its name may be another's, too. */
  readonly title?: string
  readonly layer: number
  readonly head: number
  readonly children?: readonly ModelNode[]
}

/** A model as its blocks, their heads and their neurons. */
export function modelNode(model: ModelInfo): ModelNode {
  const { config, id } = model
  const blocks = Array.from({ length: config?.nLayers ?? 0 }, (_, layer): ModelNode => {
    const heads = Array.from({ length: config!.nHeads }, (_, head): ModelNode => ({
      key: headKey(id, layer, head),
      kind: 'head',
      modelId: id,
      label: `head ${head}`,
      note: keyValueNote(config!, head),
      layer,
      head
    }))
    return {
      key: blockKey(id, layer),
      kind: 'block',
      modelId: id,
      label: `block ${layer}`,
      note: '',
      layer,
      head: 0,
      children: [
        {
          key: attnKey(id, layer),
          kind: 'attn',
          modelId: id,
          label: 'attn',
          note: attnNote(config!),
          layer,
          head: 0,
          children: heads
        },
        {
          key: `${id}/${layer}/mlp`,
          kind: 'mlp',
          modelId: id,
          label: 'mlp',
          note: `${config!.dMlp.toLocaleString('en-US')} neurons`,
          layer,
          head: 0
        }
      ]
    }
  })
  return {
    key: id,
    kind: 'model',
    modelId: id,
    label: model.name,
    note: model.family ?? '',
    title: visibleText(model.path),
    layer: 0,
    head: 0,
    children: blocks
  }
}

export function blockKey(modelId: string, layer: number): string {
  return `${modelId}/${layer}`
}

export function attnKey(modelId: string, layer: number): string {
  return `${modelId}/${layer}/attn`
}

export function headKey(modelId: string, layer: number, head: number): string {
  return `${modelId}/${layer}/attn/${head}`
}

function attnNote(config: ModelConfig): string {
  const heads = `${config.nHeads} heads`
  return headsPerKeyValueHead(config) === 1 ? heads : `${heads}, ${config.nKeyValueHeads} kv`
}

/** The key/value head that a head reads, where it is not its own. */
function keyValueNote(config: ModelConfig, head: number): string {
  const index = keyValueHead(config, head)
  return index === null ? '' : `kv ${index}`
}
