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
  const hooks = [
    ...residualStreams(nLayers),
    ...inEachBlock('hook_attn_out', nLayers),
    ...inEachBlock('hook_mlp_out', nLayers)
  ]
  const missing = hooks.find(hook => !(model.hooks?.includes(hook) ?? true))
  if (missing === undefined) return hooks
  throw new LamellaError(
    'unsupported',
    `norms: are of ${missing}, too, which ${model.name} does not give`,
    'Leave them out: norms=false.'
  )
}
