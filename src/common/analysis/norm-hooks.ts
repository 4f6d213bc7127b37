import { LamellaError } from '../model/errors.ts'
import { inEachBlock, residualStreams } from '../model/hooks.ts'
import type { ModelFacts } from './analysis.ts'
import { widthsOf } from './model-widths.ts'

/**
 * What `norms` are of: the residual stream, and what attention and MLP add to it.
 * @throws LamellaError `unsupported` when the model does not give one of them
 */
export function normHooks(model: ModelFacts): string[] {
  const { nLayers } = widthsOf(model)
  const missing = missingNormHook(nLayers, model.hooks)
  if (missing === null) return hooksOfNorms(nLayers)
  throw new LamellaError(
    'unsupported',
    `norms: are of ${missing}, too, which ${model.name} does not give`,
    'Leave them out: norms=false.'
  )
}

/** The first hook that `norms` are of and that is not among those of a model; null where it gives them all. */
export function missingNormHook(
  nLayers: number,
  hooks: readonly string[] | undefined
): string | null {
  return hooksOfNorms(nLayers).find(hook => !(hooks?.includes(hook) ?? true)) ?? null
}

function hooksOfNorms(nLayers: number): string[] {
  return [
    ...residualStreams(nLayers),
    ...inEachBlock('hook_attn_out', nLayers),
    ...inEachBlock('hook_mlp_out', nLayers)
  ]
}
