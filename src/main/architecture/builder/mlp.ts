import type { MlpSpec } from '#common/model/spec.ts'
import { mul, slice } from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'
import { activations } from './activation.ts'
import type { Construction } from './construction.ts'
import { linear } from './weights.ts'

/**
 * The MLP of a block.
 * @param x [pos, d_model]
 * @returns [pos, d_model]
 */
export function mlp(within: Construction, spec: MlpSpec, x: Value, dMlp: number): Value {
  const { pre, linearPre } = entering(within, spec, x, dMlp)
  const activated = activations[spec.activation](within.hook('mlp.hook_pre', pre))
  const post =
    linearPre === null ? activated : mul(activated, within.hook('mlp.hook_pre_linear', linearPre))
  return linear(within, within.hook('mlp.hook_post', post), spec.output)
}

/** What is activated, and what that is multiplied with where there is a gate: each [pos, d_mlp]. */
function entering(
  within: Construction,
  spec: MlpSpec,
  x: Value,
  dMlp: number
): { pre: Value; linearPre: Value | null } {
  switch (spec.kind) {
    case 'plain':
      return { pre: linear(within, x, spec.input), linearPre: null }
    case 'gated':
      return { pre: linear(within, x, spec.gate), linearPre: linear(within, x, spec.input) }
    case 'gated-fused': {
      const both = linear(within, x, spec.gateAndInput)
      return { pre: slice(both, 1, 0, dMlp), linearPre: slice(both, 1, dMlp, 2 * dMlp) }
    }
  }
}
