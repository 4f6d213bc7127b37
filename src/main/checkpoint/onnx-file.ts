import { basename } from 'node:path'
import { invalidFile, quoted, unsupportedFile } from '../files/file-error.ts'
import { checkpointFile } from './checkpoint-file.ts'
import type { WeightsFile } from './find-weights.ts'
import { externalData, type ExternalData } from './onnx-external.ts'
import { readEntry, readOnnxTensor } from './onnx-tensor.ts'
import { wireReader, type ByteRange, type WireReader } from './onnx-wire.ts'
import { withFile, type OpenFile } from '../files/open-file.ts'
import type { Checkpoint, CheckpointFile, TensorEntry } from './tensor-entry.ts'

/** Fields of a ModelProto. */
export const modelField = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  graph: 7,
  opsetImport: 8,
  metadataProps: 14
} as const

/** Fields of a GraphProto. */
export const graphField = { initializer: 5, input: 11, output: 12, sparseInitializer: 15 } as const

/**
 * Lists the initializers of an ONNX model without reading their elements or its nodes.
 * @param weights the file; its external data lies beside it
 * @throws LamellaError naming the file and the tensor that is wrong
 */
export async function readOnnx(
  { place, folder }: WeightsFile,
  signal?: AbortSignal
): Promise<Omit<Checkpoint, 'path' | 'folder'>> {
  const label = basename(place.label)
  return withFile({ ...place, label }, async file => {
    const reader = wireReader(file, signal)
    const metadata = new Map<string, string>()
    const opsets: string[] = []
    for await (const field of reader.fields({ start: 0, end: file.size })) {
      const { number, content } = field
      if (number === modelField.irVersion) metadata.set('ir_version', String(field.value))
      else if (number === modelField.producerName)
        metadata.set('producer', await reader.text(content))
      else if (number === modelField.producerVersion)
        metadata.set('producer_version', await reader.text(content))
      else if (number === modelField.opsetImport) opsets.push(await readOpset(reader, content))
      else if (number === modelField.metadataProps) {
        const [key, value] = await readEntry(reader, content)
        metadata.set(key, value)
      }
    }
    metadata.set('opset', opsets.join(', '))
    const graph = await findGraph(reader, file)
    const known = await checkpointFile(file)
    const external = externalData(folder, place.label, label)
    const { tensors, inputs, outputs } = await readGraph(reader, graph, known, external)
    metadata.set('inputs', inputs.filter(input => !tensors.has(input)).join(', '))
    metadata.set('outputs', outputs.join(', '))
    const files = [known, ...external.files()]
    return { format: 'onnx', files, tensors, metadata }
  })
}

/**
 * The bytes of the one graph of a model.
 * @throws LamellaError when it has none, or two
 */
export async function findGraph(reader: WireReader, file: OpenFile): Promise<ByteRange> {
  let graph: ByteRange | null = null
  for await (const { number, wire, content } of reader.fields({ start: 0, end: file.size })) {
    if (number !== modelField.graph || wire !== 2) continue
    if (graph !== null) throw invalidFile(file.label, 'has two graphs')
    graph = content
  }
  if (graph === null) throw invalidFile(file.label, 'is not an ONNX model: it has no graph')
  return graph
}

async function readGraph(
  reader: WireReader,
  graph: ByteRange,
  file: CheckpointFile,
  external: ExternalData
) {
  const tensors = new Map<string, TensorEntry>()
  const inputs: string[] = []
  const outputs: string[] = []
  for await (const { number, content } of reader.fields(graph)) {
    if (number === graphField.initializer) {
      const entry = await readEntryOf(reader, content, file, external)
      if (tensors.has(entry.name))
        throw invalidFile(file.label, `tensor ${quoted(entry.name)} is there twice`)
      tensors.set(entry.name, entry)
    } else if (number === graphField.sparseInitializer)
      throw unsupportedFile(file.label, 'holds sparse tensors, which are not supported')
    else if (number === graphField.input) inputs.push(await nameOf(reader, content))
    else if (number === graphField.output) outputs.push(await nameOf(reader, content))
  }
  return { tensors, inputs, outputs }
}

async function readEntryOf(
  reader: WireReader,
  message: ByteRange,
  file: CheckpointFile,
  external: ExternalData
): Promise<TensorEntry> {
  const { data, ...tensor } = await readOnnxTensor(reader, message, file.label)
  if (data.kind === 'external') return { ...tensor, ...(await external.find(tensor, data.entries)) }
  if (data.kind === 'range') return { ...tensor, file, offset: data.range.start }
  return { ...tensor, file, offset: message.start, content: data.bytes }
}

/** The name of a ValueInfoProto. */
async function nameOf(reader: WireReader, message: ByteRange): Promise<string> {
  for await (const field of reader.fields(message))
    if (field.number === 1) return reader.text(field.content)
  return ''
}

/** An OperatorSetIdProto, such as `ai.onnx 17`. */
async function readOpset(reader: WireReader, message: ByteRange): Promise<string> {
  let domain = ''
  let version = 0n
  for await (const field of reader.fields(message)) {
    if (field.number === 1) domain = await reader.text(field.content)
    else if (field.number === 2) version = field.value
  }
  return `${domain === '' ? 'ai.onnx' : domain} ${version}`
}
