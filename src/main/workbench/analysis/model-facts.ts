import type { ModelFacts, PositionFacts } from '#common/analysis/analysis.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { LamellaError } from '#common/model/errors.ts'
import { inputsScale, type TransformerSpec } from '#common/model/spec.ts'
import type { Model } from '../model/model.ts'
import { tokenize } from '../model/tokenize.ts'
import { positionWidth } from '../run/embeddings.ts'
import { eachInTurn } from './each-in-turn.ts'

/**
 * What analyses may know of a model that is open.
 * @param texts by which params name tokens
 */
export async function factsOf(
  model: Model,
  of: 'weights' | 'runs',
  texts: readonly string[],
  signal: AbortSignal
): Promise<ModelFacts> {
  const { info, spec } = model
  const split = await eachInTurn(
    texts,
    async text => [text, await tokensOrWhyNone(model, text, signal)] as const
  )
  return {
    ...toldFacts(info),
    positions: spec && positionFacts(spec),
    labels: spec?.unembedding?.labels ?? null,
    embeddingScale: spec?.embedding.scale ?? 1,
    inputsScale: spec ? inputsScale(spec.embedding) : 1,
    finalNorm: spec?.finalNorm
      ? { kind: spec.finalNorm.kind, offset: spec.finalNorm.offset }
      : null,
    tensors: of === 'runs' ? [] : info.tensors,
    texts: new Map(split)
  }
}

/** What is known of a model by what is said of it, without its files. */
export function toldFacts(info: ModelInfo): ModelFacts {
  const { name, config, visibility, scores, predicts, labels, hooks } = info
  const { notRunnable: why, notRunnableHint: hint } = info
  return {
    name,
    config,
    ...(why !== null && { notRunnable: { why, hint } }),
    visibility,
    scores,
    ...(info.mlps && { mlps: info.mlps }),
    positions: null,
    predicts,
    labels: labels ?? null,
    ofText: info.ofText ?? false,
    hooks,
    tensors: [],
    texts: new Map()
  }
}

/** The tokens of a text, or why the vocabulary cannot spell it. */
async function tokensOrWhyNone(model: Model, text: string, signal: AbortSignal) {
  try {
    return await tokenize(model, text, signal, { specials: false })
  } catch (error) {
    if (error instanceof LamellaError && error.code === 'invalid-argument') return error.message
    throw error
  }
}

function positionFacts(spec: TransformerSpec): PositionFacts {
  return {
    embedding: spec.embedding.positions,
    width: positionWidth(spec),
    layers: spec.blocks.map(({ attention }) => attention.positions)
  }
}
