import { LamellaError } from '#common/model/errors.ts'
import type { DType } from '#common/model/tensor.ts'
import type { NamedArrays, NumericArray } from './named-arrays.ts'
import { writeNpz } from './npz.ts'
import { writeSafetensors } from './safetensors.ts'

/** What arrays of any shapes can be saved as, by the ending of the file's name. */
export const arrayEndings = ['safetensors', 'npz'] as const

/** The ending of a path. @throws LamellaError `invalid-argument` naming those that there are when it has none of them */
export function endingOf<E extends string>(path: string, endings: readonly E[]): E {
  const ending = endings.find(known => path.toLowerCase().endsWith(`.${known}`))
  if (ending !== undefined) return ending
  throw new LamellaError(
    'invalid-argument',
    `${path}: expected a name that ends in .${endings.join(', .')}`
  )
}

/**
 * Saves arrays with what is said of them, as a whole or not at all: in safetensors as JSON texts in `__metadata__`, in NPZ
 * as `attributes.json` and `labels.<axis>`.
 * @param keep what the file must not take the place of, as `writeWholeFile` has it
 * @throws LamellaError when the name has no ending that is known, or the file cannot be written
 */
export async function saveArrays(
  path: string,
  arrays: NamedArrays,
  keep: readonly string[] = []
): Promise<void> {
  if (endingOf(path, arrayEndings) === 'npz') return writeNpz(path, arrays, keep)
  const { names, array, attributes, axes, variables, labels } = arrays
  const metadata = {
    attributes: JSON.stringify(attributes),
    axes: JSON.stringify(axes),
    labels: JSON.stringify(labels),
    ...(variables && { variables: JSON.stringify(variables) })
  }
  const tensor = async (name: string) => {
    const own = await array(name)
    return { dtype: dtypeOf(own.data), ...own }
  }
  await writeSafetensors(path, names, tensor, metadata, keep)
}

function dtypeOf(data: NumericArray['data']): DType {
  if (data instanceof Float32Array) return 'F32'
  if (data instanceof Float64Array) return 'F64'
  return data instanceof Int32Array ? 'I32' : 'I64'
}
