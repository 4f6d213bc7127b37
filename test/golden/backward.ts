import type { BlockHook } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { blockInputs } from '../../src/main/architecture/block-inputs.ts'
import { buildBlock } from '../../src/main/architecture/builder/block.ts'
import { buildEmbedding, buildUnembedding } from '../../src/main/architecture/builder/ends.ts'
import {
  buildBlockGradient,
  buildEmbeddingGradient,
  buildUnembeddingGradient,
  gradientIn,
  gradientOf
} from '../../src/main/architecture/builder/gradients.ts'
import { openModel } from '../../src/main/workbench/model/model.ts'
import { positionEmbeddings, tokenEmbeddings } from '../../src/main/workbench/run/embeddings.ts'
import type { RunnableModel } from '../../src/main/workbench/run/parts.ts'
import { loadGraph, runGraph, type LoadedGraph, type Values } from './run-graph.ts'

/** Gradients of one number that is computed from the logits. */
export interface Gradients {
  /** [pos, width], towards the looked-up embedding */
  readonly embed: Tensor
  /** Towards a hook's value, one for each block. */
  readonly hooks: Tensor[]
}

/** A model's parts, run one after the other by the runtime itself, forth and back. */
export interface Passes {
  readonly logits: Tensor
  /** @param seed the gradient towards the logits, [pos, d_vocab] */
  backward(seed: Float32Array): Promise<Gradients>
  release(): Promise<void>
}

/** @param hook whose gradients are wanted of every block */
export async function passesOf(
  folder: string,
  ids: readonly number[],
  hook: BlockHook
): Promise<Passes> {
  const model = (await openModel(folder, new AbortController().signal)) as RunnableModel
  const { spec } = model
  const weights = model.checkpoint.tensors
  const positions = await positionEmbeddings(model, ids)
  const embedded: Values = {
    hook_embed: await tokenEmbeddings(model, ids),
    ...(positions && { hook_pos_embed: positions })
  }
  const first = await runGraph(buildEmbedding(spec, weights), weights, embedded)
  let residual = first.hook_resid_pre!
  const fed: Values[] = []
  for (const layer of spec.blocks.keys()) {
    const feeds = { hook_resid_pre: residual, ...blockInputs(spec, layer, ids.length) }
    fed.push(feeds)
    const graph = buildBlock(spec, layer, weights)
    residual = (await runGraph(graph, weights, feeds, ['hook_resid_post'])).hook_resid_post!
  }
  const last = residual
  const { logits } = await runGraph(buildUnembedding(spec, weights), weights, {
    hook_resid_post: last
  })

  const embedding = await loadGraph(buildEmbeddingGradient(spec, weights), weights)
  const blocks: LoadedGraph[] = []
  for (const layer of spec.blocks.keys())
    blocks.push(
      await loadGraph(buildBlockGradient(spec, layer, weights, { hooks: [hook] }), weights)
    )
  const unembedding = await loadGraph(buildUnembeddingGradient(spec, weights), weights)

  return {
    logits: logits!,
    async backward(data) {
      const seed = { shape: logits!.shape, data }
      const back = await unembedding.run({ hook_resid_post: last, [gradientOf('logits')]: seed })
      let towards = back[gradientIn]!
      const hooks: Tensor[] = []
      for (const layer of [...spec.blocks.keys()].toReversed()) {
        const given = await blocks[layer]!.run({
          ...fed[layer]!,
          [gradientOf('hook_resid_post')]: towards
        })
        towards = given[gradientIn]!
        hooks.unshift(given[gradientOf(hook)]!)
      }
      const ends = { ...embedded, [gradientOf('hook_resid_pre')]: towards }
      const embed = (await embedding.run(ends))[gradientOf('hook_embed')]!
      return { embed, hooks }
    },
    async release() {
      for (const part of [embedding, ...blocks, unembedding]) await part.release()
    }
  }
}
