import { LamellaError } from '#common/model/errors.ts'
import { firstFault } from '#common/model/first-fault.ts'
import { TransformerSpec, type TransformerDescription } from '#common/model/spec.ts'
import { readConfig, type RawConfig } from './config-reader.ts'
import { families } from './families.ts'
import { withKnownHead } from './known-head.ts'
import { checkRoles } from './roles.ts'
import type { TensorTable } from './tensor-table.ts'

/** A model's family and what it says of this one. */
export interface Architecture {
  readonly family: string
  readonly spec: TransformerSpec
  /** What a run of it does not give, and why, in sentences. */
  readonly limits: readonly string[]
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
    const what =
      typeof type === 'string'
        ? `model_type "${type}" is not a family that runs`
        : 'no model_type says what it is'
    const names = families.map(({ name }) => name).join(', ')
    throw new LamellaError(
      'unsupported',
      `config.json: ${what}`,
      `Families that run: ${names}. Its weights can be looked at.`
    )
  }
  const reader = readConfig(config)
  const described = completedSpec(family.describe(reader, tensors), source)
  const { spec, limits } = withKnownHead(described, reader, tensors, source)
  checkRoles(spec, tensors, source)
  return { family: family.name, spec, limits }
}

const source = 'config.json'

/**
 * A spec as it is written, completed.
 * @param source the file that it comes from, for messages
 * @throws LamellaError `file-invalid` naming the field that does not fit
 */
function completedSpec(description: TransformerDescription, source: string): TransformerSpec {
  const { dModel, nHeads, nKeyValueHeads, dHead } = description
  if (!Number.isInteger(dHead))
    throw new LamellaError(
      'file-invalid',
      `${source}: a width of ${dModel} does not divide into ${nHeads} heads`
    )
  if (nHeads % nKeyValueHeads !== 0)
    throw new LamellaError(
      'file-invalid',
      `${source}: ${nHeads} heads cannot share ${nKeyValueHeads} key/value heads evenly`
    )
  const { success, data, error } = TransformerSpec.safeParse(description)
  if (success) return data
  // Its paths are those of the spec, not of the file.
  throw new LamellaError(
    'file-invalid',
    `${source}: describes a model that cannot be (${firstFault(error)})`
  )
}
