import { type Dataset, descriptions, shapeOf, type Variable } from './dataset.ts'

/**
 * A dataset as a safetensors file, whole; what is said of it stands in `__metadata__` as JSON texts.
 * @source https://github.com/huggingface/safetensors#format
 */
export function datasetSafetensors(dataset: Dataset): Uint8Array<ArrayBuffer> {
  const { attributes, axes, variables } = dataset
  const own = Object.entries(variables)
  const labels = Object.entries(axes).map(([name, { labels }]) => [name, labels] as const)
  const metadata = {
    attributes: JSON.stringify(attributes),
    axes: JSON.stringify(Object.fromEntries(own.map(([name, { axes }]) => [name, axes]))),
    labels: JSON.stringify(Object.fromEntries(labels)),
    variables: JSON.stringify(descriptions(dataset))
  }
  const header: Record<string, unknown> = { __metadata__: metadata }
  let end = 0
  for (const [name, variable] of own) {
    const from = end
    end += variable.data.byteLength
    const shape = shapeOf(dataset, variable)
    header[name] = { dtype: dtypeOf(variable), shape, data_offsets: [from, end] }
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  // Padded, so that the data begins at a multiple of 8.
  const length = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length)
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true)
  file.set(text, 8)
  let at = 8 + length
  for (const [, { data }] of own) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return file
}

function dtypeOf({ data }: Pick<Variable, 'data'>): string {
  if (data instanceof Float32Array) return 'F32'
  return data instanceof Float64Array ? 'F64' : 'I32'
}
