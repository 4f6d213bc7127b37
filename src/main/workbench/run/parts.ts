import type { Provider } from '#common/model/provider.ts'
import type { BlockHook } from '#common/model/hooks.ts'
import { buildBlock } from '../../architecture/builder/block.ts'
import {
  buildBlockGradient,
  buildEmbeddingGradient,
  buildUnembeddingGradient
} from '../../architecture/builder/gradients.ts'
import { buildDirectBlock, buildDirectEnd } from '../../architecture/builder/direct.ts'
import { buildEmbedding, buildUnembedding } from '../../architecture/builder/ends.ts'
import { presentOutputs } from '../../architecture/builder/inputs.ts'
import type { TensorEntry } from '../../checkpoint/checkpoint.ts'
import { readRowMajor } from '../../checkpoint/read.ts'
import {
  halfOf,
  type PartSource,
  type WeightBytes,
  type WeightRange
} from '../../engine/protocol.ts'
import { cast } from '../../graph/expressions.ts'
import type { Graph } from '../../graph/graph.ts'
import {
  writeChain,
  writeOnnx,
  type Link,
  type OnnxModel,
  type OnnxWeight
} from '../../graph/onnx.ts'
import { checkUnchanged, type Model, type RunnableModel } from '../model/model.ts'
import { partName } from '../model/part-names.ts'
import { blockName, inputOfBlock } from './block-names.ts'
import { layersOf, only, type Chunk } from './chunks.ts'
import { keptType } from './hook-values.ts'
import { isHalf, mayStayHalf, residentBytes, weightBytes } from './weight-bytes.ts'

/** One part of a model, as a part of the engine. */
export interface Part {
  readonly name: string
  /** Built when the engine has no part of that name. */
  readonly source: () => Promise<PartSource>
}

export function embeddingPart(model: RunnableModel, provider: Provider): Part {
  const write = () => writeOnnx(buildEmbedding(model.spec, model.checkpoint.tensors))
  return partOf(model, provider, 'embed', write)
}

/** A part of one or more blocks, any of which run at a call: what comes into the first of them is fed as `hook_resid_pre`. */
export interface BlocksPart extends Part {
  readonly blocks: Chunk
}

/**
 * The part of blocks that stays loaded: it computes the residual that leaves each, the patterns, and what else is wanted,
 * under names that `outputOfBlock` gives.
 * @param blocks one where hooks are edited, or something else is wanted
 * @param edited the hooks that a run edits: any values of theirs are its inputs
 * @param wanted hooks within the block
 */
export function blocksPart(
  model: RunnableModel,
  provider: Provider,
  blocks: Chunk,
  edited: readonly BlockHook[] = [],
  wanted: readonly BlockHook[] = []
): BlocksPart {
  const outputs = passOutputs(wanted)
  const others = outputs.slice(2).sort()
  const name = [...editedName(edited), ...(others.length > 0 ? ['for', ...others] : [])]
  return chainPart(model, provider, blocks, name, layer => {
    const graph = blockGraph(model, layer, edited, wanted)
    return { graph, outputs: [...outputs, ...halves(graph, provider, outputs)] }
  })
}

/** Whether a part of several blocks gives these hooks. */
export function areOfEvery(wanted: readonly BlockHook[]): boolean {
  return passOutputs(wanted).length === 2
}

function passOutputs(wanted: readonly BlockHook[]): BlockHook[] {
  return [...new Set<BlockHook>(['hook_resid_post', 'attn.hook_pattern', ...wanted])]
}

/**
 * The part of a block that runs what comes after a past (past.ts): it computes the residual that leaves the block, and
 * keys and values of the past and of what runs. Once loaded it stays so, beside those that look at a block.
 */
export function afterPastPart(
  model: RunnableModel,
  provider: Provider,
  layer: number,
  edited: readonly BlockHook[] = []
): BlocksPart {
  const { spec, checkpoint } = model
  const flow = { edited: new Set(edited), afterPast: true }
  const outputs = ['hook_resid_post', ...Object.values(presentOutputs)]
  const name = ['after a past', ...editedName(edited)]
  return chainPart(model, provider, only(layer), name, () => ({
    graph: buildBlock(spec, layer, checkpoint.tensors, flow),
    outputs
  }))
}

function chainPart(
  model: RunnableModel,
  provider: Provider,
  blocks: Chunk,
  name: readonly string[],
  build: (layer: number) => Pick<Link, 'graph' | 'outputs'>
): BlocksPart {
  const { from, to } = blocks
  const own = to - from === 1 ? blockName(from) : `${blockName(from)}-${to - 1}`
  const link = (layer: number): Link => ({
    ...build(layer),
    name: blockName(layer),
    input: name => inputOfBlock(model.spec, blocks, layer, name)
  })
  const write = () => writeChain(layersOf(blocks).map(link), 'hook_resid_pre', 'hook_resid_post')
  return { ...blockPartOf(model, provider, [own, ...name].join(' '), write), blocks }
}

/**
 * A part of a block that computes every hook, or what each head gives and nothing else, for that is large: slower, and a
 * second copy of the block's weights.
 */
export function detailPart(
  model: RunnableModel,
  provider: Provider,
  layer: number,
  edited: readonly BlockHook[] = [],
  wanted: readonly BlockHook[] = []
): Part {
  const byHead = wanted.includes('attn.hook_result')
  const name = [`blocks.${layer}`, byHead ? 'by head' : 'in detail', ...editedName(edited)]
  const write = () => {
    const graph = blockGraph(model, layer, edited, wanted)
    if (byHead) return writeOnnx(graph, ['attn.hook_result'])
    halves(graph, provider, [...graph.outputs.keys()])
    return writeOnnx(graph)
  }
  return blockPartOf(model, provider, name.join(' '), write)
}

/** Whether a part of the engine is one that looks at a block in detail. */
export function isDetail(part: string): boolean {
  return / blocks\.\d+ (by head|in detail)( |$)/.test(part)
}

/** The backward pass of a block, towards what comes in and towards hooks; with `values` it gives these, too. */
export function blockGradientPart(
  { spec, ...model }: RunnableModel,
  provider: Provider,
  layer: number,
  edited: readonly BlockHook[],
  hooks: readonly BlockHook[],
  values = false
): Part {
  const towards = hooks.length > 0 ? ['towards', ...[...hooks].sort()] : []
  if (values) towards.push('with values')
  const name = [`blocks.${layer} backward`, ...towards, ...editedName(edited)]
  const flow = { edited: new Set(edited), hooks, values }
  const write = () => writeOnnx(buildBlockGradient(spec, layer, model.checkpoint.tensors, flow))
  return blockPartOf({ ...model, spec }, provider, name.join(' '), write)
}

export function unembeddingGradientPart(model: RunnableModel, provider: Provider): Part {
  const build = () => buildUnembeddingGradient(model.spec, model.checkpoint.tensors)
  const write = () => writeOnnx(build(), undefined, provider === 'cpu')
  return partOf(model, provider, 'unembed backward', write)
}

/** The same for a few logits, by their rows of the unembedding; it gives these, too. */
export function chosenLogitsPart(model: RunnableModel, provider: Provider): Part {
  const write = () =>
    writeOnnx(buildUnembeddingGradient(model.spec, model.checkpoint.tensors, true))
  return partOf(model, provider, 'unembed some backward', write)
}

export function embeddingGradientPart(model: RunnableModel, provider: Provider): Part {
  const write = () => writeOnnx(buildEmbeddingGradient(model.spec, model.checkpoint.tensors))
  return partOf(model, provider, 'embed backward', write)
}

/** What the parts of a block give to a number along the residual stream alone. */
export function directBlockPart(model: RunnableModel, provider: Provider, layer: number): Part {
  const write = () => writeOnnx(buildDirectBlock(model.spec, layer, model.checkpoint.tensors))
  return blockPartOf(model, provider, `blocks.${layer} directly`, write)
}

/** How some logits come about at the end of the residual stream. */
export function directEndPart(model: RunnableModel, provider: Provider): Part {
  const build = () => buildDirectEnd(model.spec, model.checkpoint.tensors)
  const write = () => writeOnnx(build(), undefined, provider === 'cpu')
  return partOf(model, provider, 'unembed directly', write)
}

function blockGraph(
  { spec, checkpoint }: RunnableModel,
  layer: number,
  edited: readonly BlockHook[],
  wanted: readonly BlockHook[]
): Graph {
  const results = wanted.includes('attn.hook_result')
  return buildBlock(spec, layer, checkpoint.tensors, { edited: new Set(edited), results })
}

/**
 * Lets values that are kept in half precision leave a graph in it, too. Only the CPU rounds them in the graph: WebGPU needs
 * an extension for it.
 * @returns the names of these outputs
 */
function halves(graph: Graph, provider: Provider, outputs: readonly string[]): string[] {
  if (provider !== 'cpu') return []
  const rounded = outputs.filter(name => keptType(name) === 'float16')
  for (const name of rounded) graph.output(halfOf(name), cast(graph.outputs.get(name)!, 'float16'))
  return rounded.map(halfOf)
}

function editedName(edited: readonly BlockHook[]): string[] {
  return edited.length === 0 ? [] : ['edited at', ...edited]
}

export function unembeddingPart(model: RunnableModel, provider: Provider): Part {
  const build = () => buildUnembedding(model.spec, model.checkpoint.tensors)
  // The largest matrix of all, and mostly of few rows at a time: it is not to lie in memory twice.
  const write = () => writeOnnx(build(), undefined, provider === 'cpu')
  return partOf(model, provider, 'unembed', write)
}

/** A part of a block. */
function blockPartOf(
  model: RunnableModel,
  provider: Provider,
  name: string,
  write: () => OnnxModel
): Part {
  const inFloat32 = mayStayHalf(provider) ? () => weightBytes(model, false) : null
  return partOf(model, provider, name, write, inFloat32)
}

/**
 * A part of a model by the ONNX model that computes it.
 * @param inFloat32 where weights in half precision may stay so: what all of the model takes in float32, in bytes
 */
export function partOf(
  model: Model,
  provider: Provider,
  name: string,
  write: () => OnnxModel | Promise<OnnxModel>,
  inFloat32: (() => number) | null = null
): Part {
  return {
    name: partName(model, provider, name),
    async source() {
      await checkUnchanged(model)
      const { bytes, weights } = await write()
      const entries = weights.map(({ name }) => model.checkpoint.tensors.get(name)!)
      const taken = (staysHalf: boolean) =>
        entries.reduce((sum, entry) => sum + residentBytes(entry, staysHalf), 0)
      const mayStay = inFloat32 !== null && entries.some(isHalf)
      return {
        model: bytes,
        provider,
        group: model.info.id,
        residentBytes: taken(mayStay),
        ...(mayStay && { inFloat32: { residentBytes: taken(false), modelBytes: inFloat32() } }),
        weights: await Promise.all(entries.map((entry, i) => weightOf(entry, weights[i]!)))
      }
    }
  }
}

async function weightOf(
  entry: TensorEntry,
  weight: OnnxWeight
): Promise<WeightRange | WeightBytes> {
  if (entry.strides !== undefined || entry.content !== undefined)
    return { ...weight, bytes: await readRowMajor(entry) }
  const { file, offset, byteLength, crc32 } = entry
  return { ...weight, file, offset, byteLength, ...(crc32 !== undefined && { crc32 }) }
}
