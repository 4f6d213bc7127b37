import { LamellaError } from '#common/model/errors.ts'
import type { NormSpec } from '#common/model/spec.ts'
import { add, div, mul, reduceMean, sqrt, sub } from '../../graph/expressions.ts'
import type { Value } from '../../graph/graph.ts'
import type { Construction } from './construction.ts'
import { weight } from './weights.ts'

/**
 * The gradient by what a norm takes in, its scale held as it is: the linear map that tells what each part of a sum gives.
 * @param x what it takes in, [pos, width]
 * @param towards the gradient by what it gives, [pos, width]
 * @throws LamellaError `unsupported` for a norm whose heads have scales of their own
 */
export function frozenNormGradient(
  within: Construction,
  x: Value,
  spec: NormSpec,
  towards: Value
): Value {
  const { kind, scale, offset, epsilon } = spec
  if (Array.isArray(scale))
    throw new LamellaError('unsupported', 'A norm by heads is not taken apart')
  const gamma = typeof scale === 'string' ? weight(within, scale) : null
  const scaled = gamma === null ? towards : mul(towards, offset === 0 ? gamma : add(gamma, offset))
  const from = kind === 'layer' ? sub(x, reduceMean(x, [1], true)) : x
  const size = sqrt(add(reduceMean(mul(from, from), [1], true), epsilon))
  const divided = div(scaled, size)
  return kind === 'layer' ? sub(divided, reduceMean(divided, [1], true)) : divided
}
