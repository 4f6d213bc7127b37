import { LamellaError } from '#common/contract/errors.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { readConfig, type RawConfig } from './config-reader.ts'
import { gpt2 } from './families/gpt2.ts'
import type { Family } from './family.ts'
import { checkRoles } from './roles.ts'
import type { TensorTable } from './tensor-table.ts'

const families: readonly Family[] = [gpt2]

/** A model's family and what it says of this one. */
export interface Architecture {
  readonly family: string
  readonly spec: TransformerSpec
}

/**
 * What a model is, by its config.json and its tensors.
 * @throws LamellaError `unsupported` when no family reads its model_type, `file-invalid` when config.json
 * or a tensor's shape contradicts the family
 */
export function architectureOf(config: RawConfig, tensors: TensorTable): Architecture {
  const type = config.model_type
  const family = families.find(({ modelTypes }) => modelTypes.includes(String(type)))
  if (family === undefined) {
    const what = typeof type === 'string' ? `model_type "${type}" is not one` : 'no model_type'
    throw new LamellaError(
      'unsupported',
      `config.json: ${what}; families that run: ${families.map(({ name }) => name).join(', ')}`,
      'The weights can be browsed all the same.'
    )
  }
  const spec = family.describe(readConfig(config), tensors)
  checkRoles(spec, tensors)
  return { family: family.name, spec }
}
