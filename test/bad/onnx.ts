import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import {
  ModelProtoSchema,
  type GraphProto,
  type GraphProtoSchema,
  type ModelProto,
  type TensorProtoSchema
} from '../../src/main/onnx/onnx_pb.js'

/** Files of the ONNX form, right or wrong in any part. */

type TensorInit = MessageInitShape<typeof TensorProtoSchema>

/** A model of one graph. */
export function onnxFile(
  graph: Exclude<MessageInitShape<typeof GraphProtoSchema>, GraphProto>,
  model: Exclude<MessageInitShape<typeof ModelProtoSchema>, ModelProto> = {}
): Uint8Array<ArrayBuffer> {
  const message = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ version: 17n }],
    graph: { name: 'g', ...graph },
    ...model
  })
  return toBinary(ModelProtoSchema, message)
}

/** A float tensor `w` of four elements, changed in some part. */
export function tensorOf(change: TensorInit = {}): TensorInit {
  return { name: 'w', dataType: 1, dims: [4n], rawData: new Uint8Array(16), ...change }
}

/** The same, its elements in another file. */
export function externalTensor(
  entries: Record<string, string>,
  change: TensorInit = {}
): TensorInit {
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }))
  return tensorOf({ rawData: new Uint8Array(), dataLocation: 1, externalData, ...change })
}

/** A protobuf field that holds bytes. */
export function field(number: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    Buffer.concat([varint((number << 3) | 2), varint(content.length), content])
  )
}

/** Graphs within graphs, each the branch of a node of the one around it. */
export function deepGraph(depth: number): Uint8Array<ArrayBuffer> {
  // Written from the inside out into one buffer, since each level copies no more than its head.
  const heads: Uint8Array[] = []
  let length = 0
  const wrap = (number: number) => {
    const head = Buffer.concat([varint((number << 3) | 2), varint(length)])
    heads.push(head)
    length += head.length
  }
  for (let i = 0; i < depth; i++) for (const number of [6, 5, 1]) wrap(number)
  wrap(7)
  return Uint8Array.from(Buffer.concat(heads.reverse()))
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80)
  return Uint8Array.from([...bytes, value])
}

interface BadFile {
  readonly what: string
  readonly file: Uint8Array
  /** What follows `model.onnx: `. */
  readonly error: string
  /** Where its external data would be found by somebody careless: in the model's folder, or absolute. */
  readonly careless?: string
}

const bad = (what: string, file: Uint8Array, error: string): BadFile => ({ what, file, error })
const badTensor = (what: string, tensor: TensorInit, error: string): BadFile =>
  bad(what, onnxFile({ initializer: [tensor] }), error)
const external = (what: string, entries: Record<string, string>, error: string): BadFile =>
  badTensor(
    what,
    externalTensor(entries),
    `the external data of tensor "w"${error.startsWith(':') ? '' : ' '}${error}`
  )

const sound = onnxFile({ initializer: [tensorOf()] })

/** Every way an ONNX file can be wrong when its weights are listed, and what is said of it. */
export const badOnnx: readonly BadFile[] = [
  bad('an empty file', new Uint8Array(), 'is not an ONNX model: it has no graph'),
  bad(
    'a pickle in disguise',
    Buffer.from('\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.', 'latin1'),
    'is not an ONNX model, or is damaged: no field begins at byte 3'
  ),
  bad(
    'a zip in disguise',
    Buffer.from('PK\x03\x04\x14\0\0\0\0\0', 'latin1'),
    'is not an ONNX model, or is damaged: no field begins at byte 2'
  ),
  bad(
    'its last byte missing',
    sound.subarray(0, -1),
    `is truncated or damaged: the field at byte 35 goes to byte ${sound.length}, past byte ${sound.length - 1} where its message ends`
  ),
  bad(
    'a field of 2^63 bytes',
    Uint8Array.from([0x3a, ...new Array<number>(9).fill(0x80), 1]),
    'is truncated or damaged: the field at byte 0 goes to byte 9223372036854776000, past byte 11 where its message ends'
  ),
  bad(
    'a length that does not end',
    Uint8Array.from([0x3a, 0xff, 0xff]),
    'is truncated or damaged: the field at byte 0 has no end'
  ),
  bad(
    'two graphs',
    Buffer.concat([field(7, new Uint8Array()), field(7, new Uint8Array())]),
    'has two graphs'
  ),
  bad(
    'a tensor twice',
    onnxFile({ initializer: [tensorOf(), tensorOf()] }),
    'tensor "w" is there twice'
  ),
  badTensor('no name', tensorOf({ name: '' }), 'the tensor at byte 9 has no name'),
  badTensor('an unknown type', tensorOf({ dataType: 99 }), 'tensor "w" is of the unknown type 99'),
  badTensor(
    'text as weights',
    tensorOf({ dataType: 8 }),
    'tensor "w" is of type STRING, which is not supported'
  ),
  badTensor(
    '10000² elements over 4 bytes',
    tensorOf({ dims: [10_000n, 10_000n], rawData: new Uint8Array(4) }),
    'tensor "w" of F32 [10000, 10000] takes 400000000 bytes, but holds 4'
  ),
  badTensor(
    'no elements',
    tensorOf({ rawData: new Uint8Array() }),
    'tensor "w" of F32 [4] takes 16 bytes, but holds none'
  ),
  badTensor('a negative dimension', tensorOf({ dims: [-4n] }), 'tensor "w" has a dimension of -4'),
  badTensor(
    'a shape over 2^53, hidden by a zero',
    tensorOf({ dims: [2n ** 40n, 2n ** 40n, 0n] }),
    'tensor "w" has the shape [1099511627776, 1099511627776, 0], over 2^53 bytes'
  ),
  badTensor(
    'too many dimensions',
    tensorOf({ dims: new Array<bigint>(65).fill(1n) }),
    'tensor "w" has more than 64 dimensions'
  ),
  badTensor(
    'too few integers',
    tensorOf({ dataType: 7, rawData: new Uint8Array(), int64Data: [1n, 2n] }),
    'tensor "w" of I64 [4] has 4 elements, but holds 2'
  ),
  badTensor(
    'elements of another type',
    tensorOf({ dataType: 7, rawData: new Uint8Array(), floatData: [1, 2, 3, 4] }),
    'tensor "w" of I64 keeps its elements in a form that is not supported (field 4)'
  ),
  badTensor(
    'its elements twice',
    tensorOf({ floatData: [1, 2, 3, 4] }),
    'tensor "w" has its elements in several pieces'
  ),
  bad(
    'sparse tensors',
    onnxFile({ sparseInitializer: [{ values: tensorOf() }] }),
    'holds sparse tensors, which are not supported'
  ),
  external('external data at no place', { offset: '0' }, 'names no file'),
  external('… at an empty place', { location: '' }, 'names no file'),
  ...[
    '../secret',
    join(tmpdir(), 'lamella-secret'),
    'folder/../../secret',
    './secret',
    'C:\\secret',
    '\\\\host\\share'
  ].map(location => ({
    ...external(
      `… at ${location}`,
      { location },
      `: ${JSON.stringify(location).replaceAll('\\\\', '\\')}: is not a plain path inside the model folder`
    ),
    careless: location
  })),
  ...['link/secret', 'linked/secret', 'linked-file'].map(location => ({
    ...external(
      `… at ${location}, which leads out of the folder`,
      { location },
      `: ${location.split('/').at(-1)}: leads outside the model folder, and is not opened`
    ),
    careless: location
  })),
  external('… in a folder', { location: 'folder' }, ': folder: is a folder, not a file'),
  external('… in a missing file', { location: 'missing.bin' }, ': missing.bin: does not exist'),
  external(
    '… at a negative offset',
    { location: 'data', offset: '-1' },
    'has the offset "-1", which is no number of bytes'
  ),
  external(
    '… of a negative length',
    { location: 'data', length: '-16' },
    'has the length "-16", which is no number of bytes'
  ),
  external(
    '… at a fraction',
    { location: 'data', offset: '0.5' },
    'has the offset "0.5", which is no number of bytes'
  ),
  external(
    '… past 2^53',
    { location: 'data', offset: '9007199254740993' },
    'has the offset "9007199254740993", which is no number of bytes'
  ),
  external(
    '… at 1 PB',
    { location: 'data', offset: '1000000000000000' },
    'goes to byte 1000000000000016, past the end of "data" (16 bytes)'
  ),
  external(
    '… past the end',
    { location: 'data', offset: '1' },
    'goes to byte 17, past the end of "data" (16 bytes)'
  ),
  external(
    '… of 1 PB',
    { location: 'data', length: '1000000000000000' },
    'is 1000000000000000 bytes long, but the tensor takes 16'
  )
]
