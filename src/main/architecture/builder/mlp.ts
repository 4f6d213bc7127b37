import type { MlpSpec } from '#common/model/spec.ts'
import { mul, slice } from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'
import { mlpInputs, type MlpInput } from '../mlp-inputs.ts'
import { activations } from './activation.ts'
import type { Construction } from './construction.ts'
import { linear, productsOf } from './weights.ts'

/**
 * The MLP of a block.
 * @param x [pos, d_model]
 * @returns [pos, d_model]
 */
export function mlp(within: Construction, spec: MlpSpec, x: Value, dMlp: number): Value {
  const { gate, input } = mlpInputs(spec, dMlp)
  const products = productsOf(within, x)
  const entering = ({ matrix, outputs, start }: MlpInput): Value =>
    outputs === dMlp ? products(matrix) : slice(products(matrix), 1, start, start + dMlp)
  const pre = entering(gate ?? input)
  const linearPre = gate === null ? null : entering(input)
  const activated = activations[spec.activation](within.hook('mlp.hook_pre', pre))
  const post =
    linearPre === null ? activated : mul(activated, within.hook('mlp.hook_pre_linear', linearPre))
  return linear(within, within.hook('mlp.hook_post', post), spec.output)
}
