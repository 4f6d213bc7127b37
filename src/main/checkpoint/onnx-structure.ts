import { unsupportedFile } from '../files/file-error.ts'
import { findGraph, graphField, modelField } from './onnx-file.ts'
import { tensorField } from './onnx-tensor.ts'
import { wireReader, type ByteRange, type WireReader } from './onnx-wire.ts'
import type { KnownFile } from '../files/known-file.ts'
import { withKnownFile, type OpenFile } from '../files/open-file.ts'

/** What says nothing of how the graph works: its producer, notes, shapes of what is computed. */
const modelNotes = new Set<number>([2, 3, 4, 6, 14, 20])
const graphNotes = new Set<number>([10, 13, 14, 16])

/** Elements of initializers up to so many bytes stay: shapes and axes, which say how the graph works. */
const smallBytes = 1024

/** The largest structure that is read, in bytes: nodes, and constants inside them. */
const structureLimit = 64 << 20

/** Fields whose bytes are the tensor's elements as they are. */
const plainElements = new Set<number>([
  tensorField.rawData,
  tensorField.floatData,
  tensorField.doubleData
])

/**
 * An ONNX model as the file has it, without the elements of its larger initializers and without notes.
 * @param known the model's file, as it was when its tensors were listed
 * @returns the bytes of a ModelProto
 * @throws LamellaError `unsupported` when what is left is larger than any graph should be
 */
export async function readOnnxStructure(
  known: KnownFile,
  signal?: AbortSignal
): Promise<Uint8Array> {
  return withKnownFile(known, async file => {
    const reader = wireReader(file, signal)
    const parts = collector(reader, file)
    const graph = await findGraph(reader, file)
    const graphParts = collector(reader, file)
    for await (const field of reader.fields(graph)) {
      if (graphNotes.has(field.number)) continue
      if (field.number !== graphField.initializer) await graphParts.copy(field.whole)
      else
        graphParts.message(
          graphField.initializer,
          await withoutElements(reader, field.content, file)
        )
    }
    for await (const field of reader.fields({ start: 0, end: file.size }))
      if (field.number !== modelField.graph && !modelNotes.has(field.number))
        await parts.copy(field.whole)
    parts.message(modelField.graph, graphParts.bytes())
    return parts.bytes()
  })
}

async function withoutElements(
  reader: WireReader,
  tensor: ByteRange,
  file: OpenFile
): Promise<Uint8Array> {
  const parts = collector(reader, file)
  for await (const { number, wire, whole, content } of reader.fields(tensor)) {
    const isLarge = wire === 2 && content.end - content.start > smallBytes
    if (!(plainElements.has(number) && isLarge)) await parts.copy(whole)
  }
  return parts.bytes()
}

/** Gathers pieces of a message. */
function collector(reader: WireReader, file: OpenFile) {
  const parts: Uint8Array[] = []
  let size = 0

  function add(part: Uint8Array): void {
    size += part.length
    parts.push(part)
  }

  function check(more: number): void {
    if (size + more > structureLimit)
      throw unsupportedFile(
        file.label,
        `its graph takes more than ${structureLimit / 2 ** 20} MB without the weights`
      )
  }

  return {
    async copy(range: ByteRange): Promise<void> {
      check(range.end - range.start)
      add(await reader.bytes(range))
    },
    message(field: number, content: Uint8Array): void {
      check(content.length)
      add(Uint8Array.from([...lengthBytes((field << 3) | 2), ...lengthBytes(content.length)]))
      add(content)
    },
    bytes(): Uint8Array {
      const all = new Uint8Array(size)
      let at = 0
      for (const part of parts) {
        all.set(part, at)
        at += part.length
      }
      return all
    }
  }
}

function lengthBytes(value: number): number[] {
  const bytes: number[] = []
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80)
  return [...bytes, value]
}
