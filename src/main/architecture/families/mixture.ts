import { LamellaError } from '#common/model/errors.ts'
import type { BlockDescription } from '#common/model/spec.ts'
import type { ConfigReader } from '../config-reader.ts'
import type { TensorTable } from '../tensor-table.ts'

export type Experts = Extract<BlockDescription['mlp'], { kind: 'experts' }>

/** How many experts a layer has, and how many of them each token is sent to. */
export function expertCounts(
  config: ConfigReader,
  usual: { readonly experts: number; readonly chosen: number }
): { readonly experts: number; readonly chosen: number } {
  const said = ['num_local_experts', 'num_experts'].filter(name => config.has(name))
  const [experts = usual.experts, other = experts] = said.map(name => config.width(name, 1, 1024))
  if (other !== experts)
    throw config.invalid('num_experts', `${experts}, as num_local_experts says`)
  const chosen = config.width('num_experts_per_tok', usual.chosen, 1024)
  if (chosen > experts)
    throw config.invalid('num_experts_per_tok', `at most ${experts}, the number of experts`)
  return { experts, chosen }
}

/** The modules of an expert, by what they do. */
export interface ExpertModules {
  readonly gate: string
  readonly input: string
  readonly output: string
}

/**
 * Experts without biases, of Mixtral's kind: in files each has tensors of its own; in memory, as state dicts are saved from
 * there, all are stacked, gate and input end to end.
 * @param within the module of the experts, such as `model.layers.0.mlp.experts`
 */
export function gatedExperts(
  tensors: TensorTable,
  within: string,
  modules: ExpertModules,
  { count, width, activation }: Pick<DenseExpert, 'width' | 'activation'> & { count: number }
): Experts['experts'] {
  const stacked = `${within}.gate_up_proj`
  return Array.from({ length: count }, (_, index): Experts['experts'][number] => {
    if (tensors.has(stacked)) {
      const of = (tensor: string) => ({ weight: tensor, stacked: { index, count } })
      return {
        kind: 'gated-fused',
        width,
        gateAndInput: of(stacked),
        output: of(`${within}.down_proj`),
        activation
      }
    }
    const of = (module: string) => ({ weight: `${within}.${index}.${module}.weight` })
    return {
      kind: 'gated',
      width,
      gate: of(modules.gate),
      input: of(modules.input),
      output: of(modules.output),
      activation
    }
  })
}

type DenseExpert = Experts['experts'][number]

/**
 * Refuses experts whose weights are stored in blocks of four bits with scales, by name.
 * @throws LamellaError `unsupported` naming the first such tensor
 */
export function refuseFourBits(tensors: TensorTable): void {
  const found = [...tensors.keys()].find(name => /experts\.\w+_blocks$/.test(name))
  if (found !== undefined)
    throw new LamellaError(
      'unsupported',
      `${found}: holds the weights of experts as MXFP4, blocks of four bits with scales beside them`,
      'Save the model dequantised, as in bfloat16, and open that; its other weights can be looked at.'
    )
}
