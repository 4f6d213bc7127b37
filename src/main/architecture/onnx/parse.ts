import { fromBinary, type DescField, type DescMessage } from '@bufbuild/protobuf'
import { LamellaError } from '#common/model/errors.ts'
import { ModelProtoSchema, type GraphProto, type ModelProto } from '../../onnx/onnx_pb.js'

/** A model that has a graph. */
export type OnnxModelProto = ModelProto & { graph: GraphProto }

/** What decoding makes objects of; more would take more memory than any graph is worth. */
const messageLimit = 200_000
const numberLimit = 1_000_000
/** Messages within messages: about 30 graphs within graphs. */
const depthLimit = 100

/**
 * An ONNX model as an object.
 * @param structure a ModelProto, usually without its weights
 * @param label begins every error
 * @throws LamellaError `file-invalid` for damage, `unsupported` for a graph of unreasonable size or depth
 */
export function parseOnnx(structure: Uint8Array, label: string): OnnxModelProto {
  checkSize(structure, label)
  try {
    const model = fromBinary(ModelProtoSchema, structure, {
      readUnknownFields: false,
      recursionLimit: depthLimit + 1
    })
    if (model.graph !== undefined) return model as OnnxModelProto
  } catch {
    throw damaged(label)
  }
  throw new LamellaError('file-invalid', `${label}: is not an ONNX model: it has no graph`)
}

/** Counts what decoding would make, without making it and without recursion. */
function checkSize(bytes: Uint8Array, label: string): void {
  let messages = 0
  let numbers = 0
  const stack: { desc: DescMessage; at: number; end: number }[] = [
    { desc: ModelProtoSchema, at: 0, end: bytes.length }
  ]
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.at >= top.end) {
      stack.pop()
      continue
    }
    const tag = unsigned(bytes, top.at, top.end, label)
    const wire = tag.value % 8
    const found = fieldOf(top.desc, Math.floor(tag.value / 8))
    numbers += 1
    if (wire === 2) {
      const length = unsigned(bytes, tag.next, top.end, label)
      top.at = length.next + length.value
      if (top.at > top.end) throw damaged(label)
      const inner = messageOf(found)
      if (inner !== null) {
        messages += 1
        stack.push({ desc: inner, at: length.next, end: top.at })
        if (stack.length > depthLimit)
          throw new LamellaError(
            'unsupported',
            `${label}: its graph is nested more than ${depthLimit} messages deep`
          )
      } else if (found?.fieldKind === 'list' && isNumber(found)) numbers += length.value
    } else if (wire === 0) top.at = unsigned(bytes, tag.next, top.end, label).next
    else if (wire === 1 || wire === 5) top.at = tag.next + (wire === 1 ? 8 : 4)
    else throw damaged(label)
    if (top.at > top.end && stack.at(-1) === top) throw damaged(label)
    if (messages > messageLimit || numbers > numberLimit)
      throw new LamellaError('unsupported', `${label}: its graph has more parts than can be read`)
  }
}

const fieldsByNumber = new Map<DescMessage, ReadonlyMap<number, DescField>>()

function fieldOf(desc: DescMessage, number: number): DescField | undefined {
  let fields = fieldsByNumber.get(desc)
  if (fields === undefined) {
    fields = new Map(desc.fields.map(field => [field.number, field]))
    fieldsByNumber.set(desc, fields)
  }
  return fields.get(number)
}

function messageOf(field: DescField | undefined): DescMessage | null {
  if (field?.fieldKind === 'message') return field.message
  return field?.fieldKind === 'list' && field.listKind === 'message' ? field.message : null
}

function isNumber(field: DescField & { fieldKind: 'list' }): boolean {
  return field.listKind === 'scalar' && field.packed
}

function unsigned(
  bytes: Uint8Array,
  at: number,
  end: number,
  label: string
): { value: number; next: number } {
  let value = 0
  for (let i = 0; i < 10 && at + i < end; i++) {
    const byte = bytes[at + i]!
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  throw damaged(label)
}

function damaged(label: string): LamellaError {
  return new LamellaError('file-invalid', `${label}: is truncated or damaged inside its graph`)
}
