import { z } from 'zod'
import { LamellaError } from '#common/model/errors.ts'
import { specOf, type ModelDescription } from '#common/model/describe-file.ts'
import { firstFault } from '#common/model/first-fault.ts'
import type { TransformerSpec } from '#common/model/spec.ts'
import { checkRoles } from '../roles.ts'
import type { TensorTable } from '../tensor-table.ts'

/**
 * The spec of a described model, compared with the tensors there are.
 * @param tensors without axes of length 1
 * @param source the file that the description comes from, for messages
 * @throws LamellaError `file-invalid` naming the field or the tensor that does not fit
 */
export function describedSpec(
  description: ModelDescription,
  tensors: TensorTable,
  source: string
): TransformerSpec {
  const spec = completeSpec(description, source)
  checkRoles(spec, tensors, source)
  return spec
}

function completeSpec(description: ModelDescription, source: string): TransformerSpec {
  try {
    return specOf(description)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw new LamellaError('file-invalid', `${source}: ${firstFault(error, ['model'])}`)
  }
}
