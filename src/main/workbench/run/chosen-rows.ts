import type { GradientTarget } from '#common/model/gradient-target.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { readRows } from '../../checkpoint/read.ts'
import type { EngineFeeds } from '../../engine/protocol.ts'
import type { RunnableModel } from '../model/model.ts'
import { rowsFeed } from './embeddings.ts'
import { floatFeed } from './feeds.ts'

/** A number that is a sum of few logits, by what of the unembedding gives them. */
export interface ChosenRows {
  /** What it multiplies them with, [1, choice]. */
  readonly factors: Tensor
  /** Inputs of the part that gives them: rows of W_U and entries of b_U. */
  readonly inputs: EngineFeeds
}

/**
 * What a target reads of the unembedding, where it is a logit or a difference of two and rows of W_U lie in a file as
 * they are; else null.
 */
export async function chosenRows(
  { spec: { unembedding }, checkpoint }: RunnableModel,
  target: GradientTarget
): Promise<ChosenRows | null> {
  if (target.kind !== 'logit' && target.kind !== 'difference') return null
  const { stored, stacked, weight, bias } = unembedding!.output
  if (stored !== 'out,in' || stacked !== null) return null
  const tokens = target.kind === 'logit' ? [target.token] : [target.token, target.other]
  const entry = (name: string) => checkpoint.tensors.get(name)!
  const rows = rowsFeed({ table: entry(weight), rows: tokens, scale: 1 })
  if (rows === null) return null
  const biases = bias === null ? null : await readRows(entry(bias), tokens)
  return {
    factors: { shape: [1, tokens.length], data: Float32Array.of(1, -1).slice(0, tokens.length) },
    inputs: {
      W_U: rows,
      ...(biases && { b_U: floatFeed({ shape: [tokens.length], data: biases }) })
    }
  }
}
