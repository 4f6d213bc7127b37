import { words } from './names.ts'

export type MlpSide = 'gate' | 'input' | 'output'

const before = '(^|_)(w|c|fc|lin|linear|proj|dense|wi|layer|ff)?_?'
const after = '(_?(proj|projection|linear|lin|layer|dense|fc))?$'
const gate = new RegExp(`${before}(g|gate|gating|gated|wi_0|fc1_g)${after}`)
const input = new RegExp(
  `${before}(in|up|1|fc|input|intermediate|expand|hidden|first|i|u|h_to_4h|wi)${after}`
)
const output = new RegExp(
  `${before}(out|down|2|output|contract|second|proj|projection|o|d|4h_to_h)${after}`
)

/** What a matrix of an MLP is by its name; null when the name does not say. */
export function mlpSideCalled(module: string): MlpSide | null {
  const name = words(module)
  if (gate.test(name)) return 'gate'
  if (/(^|_)(dense_h_to_4h|intermediate_dense|c_fc|fc_in|fc1|wi_1|w12)$/.test(name)) return 'input'
  if (/(^|_)(dense_4h_to_h|output_dense|c_proj|fc_out|fc2|wo)$/.test(name)) return 'output'
  if (input.test(name)) return 'input'
  return output.test(name) ? 'output' : null
}
