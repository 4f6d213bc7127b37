/** Files of the safetensors form, right or wrong in any part. */

/** A file of this header text and these tensor bytes; `length` overrides the header length it states. */
export function safetensorsFile(
  header: string | Uint8Array,
  data: Uint8Array = new Uint8Array(),
  length?: bigint
): Uint8Array<ArrayBuffer> {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const file = new Uint8Array(8 + text.length + data.length)
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true)
  file.set(text, 8)
  file.set(data, 8 + text.length)
  return file
}

/** A sound file of tensors laid end to end in the order given. */
export function soundSafetensors(
  tensors: readonly { name: string; dtype: string; shape: readonly number[]; data: Uint8Array }[],
  metadata?: Record<string, string>
): Uint8Array<ArrayBuffer> {
  let offset = 0
  const entries = tensors.map(({ name, dtype, shape, data }) => {
    const data_offsets = [offset, (offset += data.length)]
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets })}`
  })
  if (metadata) entries.unshift(`"__metadata__":${JSON.stringify(metadata)}`)
  return safetensorsFile(
    `{${entries.join(',')}}`,
    Buffer.concat(tensors.map(tensor => tensor.data))
  )
}

interface BadFile {
  readonly what: string
  readonly file: Uint8Array
  /** What follows `model.safetensors: `. */
  readonly error: string
}

const one = '"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}'
const four = new Uint8Array(4)
const bad = (what: string, file: Uint8Array, error: string): BadFile => ({ what, file, error })
const badTensor = (what: string, tensor: string, error: string): BadFile =>
  bad(what, safetensorsFile(`{"a":${tensor}}`, four), error)

/** Every way a safetensors file can be wrong, and what is said of it. */
export const badSafetensors: readonly BadFile[] = [
  bad(
    'empty file',
    new Uint8Array(),
    '0 bytes are too few for a safetensors file, which has at least 8'
  ),
  bad(
    '7 bytes',
    new Uint8Array(7),
    '7 bytes are too few for a safetensors file, which has at least 8'
  ),
  bad(
    'header of 2^64 - 1',
    safetensorsFile('{}', four, 2n ** 64n - 1n),
    'header length 18446744073709551615 exceeds the 100 MB limit'
  ),
  bad(
    'header one past the limit',
    safetensorsFile('{}', four, 100_000_001n),
    'header length 100000001 exceeds the 100 MB limit'
  ),
  bad(
    'header past the end',
    safetensorsFile('{}', four, 7n),
    'header length 7 goes past the end of the file (14 bytes)'
  ),
  bad(
    'a pickle in disguise',
    Buffer.from('\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.', 'latin1'),
    'header length 8751349991817282176 exceeds the 100 MB limit'
  ),
  bad(
    'a zip in disguise',
    Buffer.from('PK\x03\x04\0\0\x08\x08rest', 'latin1'),
    'header length 578712552184433488 exceeds the 100 MB limit'
  ),
  bad('no header', safetensorsFile(''), 'the header does not begin with "{"'),
  bad('an array', safetensorsFile('[]'), 'the header does not begin with "{"'),
  bad('white space first', safetensorsFile(' {}'), 'the header does not begin with "{"'),
  bad(
    'not UTF-8',
    safetensorsFile(Buffer.from('{"\xff":1}', 'latin1')),
    'the header is not UTF-8 text'
  ),
  bad('only an opening brace', safetensorsFile('{'), 'the header ends where a string was expected'),
  bad('cut off in a string', safetensorsFile('{"abc'), 'the header ends in the middle of a string'),
  bad(
    'cut off in an object',
    safetensorsFile(`{${one}`, four),
    'the header ends where "}" was expected'
  ),
  bad(
    'a comma too many',
    safetensorsFile(`{${one},}`, four),
    'the header is not JSON: expected a string at byte 53, got "}"'
  ),
  bad(
    'text after the end',
    safetensorsFile('{}x'),
    'the header is not JSON: something follows the end at byte 2'
  ),
  bad(
    'a zero byte after the end',
    safetensorsFile('{}\0'),
    'the header is not JSON: something follows the end at byte 2'
  ),
  bad(
    'a bare newline in a name',
    safetensorsFile('{"a\nb":1}'),
    'the header is not JSON: a bare control character at line 1, column 4'
  ),
  bad(
    'a wrong escape',
    safetensorsFile('{"\\q":1}'),
    'the header is not JSON: a wrong escape in the string at byte 1'
  ),
  bad(
    'deep JSON',
    safetensorsFile(`{"a":${'['.repeat(100_000)}`),
    'the header has for tensor "a" no object with dtype, shape and data_offsets'
  ),
  bad(
    'deep JSON where it is skipped',
    safetensorsFile(`{"a":{"x":${'['.repeat(100_000)}`),
    'the header is nested deeper than 64 levels'
  ),
  bad(
    'deep JSON in a shape',
    safetensorsFile(`{"a":{"shape":${'['.repeat(100_000)}`),
    'the header is not JSON: expected a number at byte 15, got "["'
  ),
  bad(
    'different tensors of one name',
    safetensorsFile(`{${one},"a":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}`, four),
    'the header has the duplicate key "a"'
  ),
  bad(
    'the same tensor twice',
    safetensorsFile(`{${one},${one}}`, four),
    'the header has the duplicate key "a"'
  ),
  bad(
    'one name spelled two ways',
    safetensorsFile(`{${one},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}`, four),
    'the header has the duplicate key "a"'
  ),
  bad(
    'metadata twice',
    safetensorsFile(`{"__metadata__":{},"__metadata__":{},${one}}`, four),
    'the header has the duplicate key "__metadata__"'
  ),
  bad(
    'a metadata key twice',
    safetensorsFile(`{"__metadata__":{"k":"v","k":"v"},${one}}`, four),
    'the header has the duplicate key "k"'
  ),
  badTensor(
    'a shape twice',
    '{"dtype":"U8","shape":[4],"shape":[4],"data_offsets":[0,4]}',
    'the header has the duplicate key "shape" in tensor "a"'
  ),
  badTensor(
    'an unknown key twice',
    '{"x":1,"x":1,"dtype":"U8","shape":[4],"data_offsets":[0,4]}',
    'the header has the duplicate key "x" in tensor "a"'
  ),
  badTensor(
    'a key twice inside an unknown one',
    '{"x":{"y":1,"y":1},"dtype":"U8","shape":[4],"data_offsets":[0,4]}',
    'the header has the duplicate key "y"'
  ),
  bad(
    'metadata that is a list',
    safetensorsFile(`{"__metadata__":[],${one}}`, four),
    'the header has a __metadata__ that is not an object'
  ),
  bad(
    'metadata of numbers',
    safetensorsFile(`{"__metadata__":{"k":1},${one}}`, four),
    'the header has __metadata__ whose "k" is not a string'
  ),
  bad(
    'metadata of objects',
    safetensorsFile(`{"__metadata__":{"k":{}},${one}}`, four),
    'the header has __metadata__ whose "k" is not a string'
  ),
  badTensor(
    'a tensor that is a number',
    '4',
    'the header has for tensor "a" no object with dtype, shape and data_offsets'
  ),
  badTensor('no dtype', '{"shape":[4],"data_offsets":[0,4]}', 'tensor "a" has no dtype'),
  badTensor('no shape', '{"dtype":"U8","data_offsets":[0,4]}', 'tensor "a" has no shape'),
  badTensor('no offsets', '{"dtype":"U8","shape":[4]}', 'tensor "a" has no data_offsets'),
  badTensor('an empty object', '{}', 'tensor "a" has no dtype'),
  badTensor(
    'a dtype that is unknown',
    '{"dtype":"u8","shape":[4],"data_offsets":[0,4]}',
    'tensor "a" is of the unknown dtype "u8"'
  ),
  badTensor(
    'a dtype that objects have',
    '{"dtype":"constructor","shape":[4],"data_offsets":[0,4]}',
    'tensor "a" is of the unknown dtype "constructor"'
  ),
  badTensor(
    'a dtype that is no string',
    '{"dtype":1,"shape":[4],"data_offsets":[0,4]}',
    'the header is not JSON: expected a string at byte 14, got "1"'
  ),
  badTensor(
    'an empty dtype twice',
    '{"dtype":"","dtype":"U8","shape":[4],"data_offsets":[0,4]}',
    'the header has the duplicate key "dtype" in tensor "a"'
  ),
  badTensor(
    'a negative dimension',
    '{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}',
    'the header has a dimension of "a" that is negative: -4'
  ),
  badTensor(
    'a fractional dimension',
    '{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}',
    'the header has a dimension of "a" that is not a whole number: 4.0'
  ),
  badTensor(
    'a dimension with an exponent',
    '{"dtype":"U8","shape":[4e0],"data_offsets":[0,4]}',
    'the header has a dimension of "a" that is not a whole number: 4e0'
  ),
  badTensor(
    'a dimension with a leading zero',
    '{"dtype":"U8","shape":[04],"data_offsets":[0,4]}',
    'the header is not JSON: expected a number at byte 28, got "0"'
  ),
  badTensor(
    'a dimension of 2^53',
    '{"dtype":"U8","shape":[9007199254740992],"data_offsets":[0,4]}',
    'the header has a dimension of "a" that is not below 2^53: 9007199254740992'
  ),
  badTensor(
    'a dimension that is null',
    '{"dtype":"U8","shape":[null],"data_offsets":[0,4]}',
    'the header is not JSON: expected a number at byte 28, got "n"'
  ),
  badTensor(
    'a shape over 2^53',
    '{"dtype":"F32","shape":[67108864,134217728],"data_offsets":[0,4]}',
    'tensor "a" has the shape [67108864, 134217728], over 2^53 bytes'
  ),
  badTensor(
    'a shape that wraps 2^64 round to 4',
    '{"dtype":"U8","shape":[4294967296,4294967296,4],"data_offsets":[0,4]}',
    'tensor "a" has the shape [4294967296, 4294967296, 4], over 2^53 bytes'
  ),
  badTensor(
    'an overflow hidden by a zero',
    '{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}',
    'tensor "a" has the shape [4294967296, 4294967296, 0], over 2^53 bytes'
  ),
  badTensor(
    '65 dimensions',
    `{"dtype":"U8","shape":[${Array<number>(65).fill(1).join()}],"data_offsets":[0,1]}`,
    'tensor "a" has more than 64 dimensions'
  ),
  badTensor(
    'three offsets',
    '{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}',
    'tensor "a" has 3 data_offsets, not 2'
  ),
  badTensor(
    'negative offsets',
    '{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}',
    'the header has an offset of "a" that is negative: -4'
  ),
  badTensor(
    'fractional offsets',
    '{"dtype":"U8","shape":[4],"data_offsets":[0.5,4.5]}',
    'the header has an offset of "a" that is not a whole number: 0.5'
  ),
  badTensor(
    'an end before the begin',
    '{"dtype":"U8","shape":[4],"data_offsets":[4,0]}',
    'tensor "a" ends at 0, before it begins at 4'
  ),
  badTensor(
    'offsets of another size',
    '{"dtype":"F32","shape":[2],"data_offsets":[0,4]}',
    'tensor "a" of F32 [2] takes 8 bytes, but its data_offsets span 4'
  ),
  badTensor(
    'a begin past the file',
    '{"dtype":"U8","shape":[4],"data_offsets":[1000,1004]}',
    '1000 bytes before tensor "a" belong to no tensor'
  ),
  bad(
    'trailing data',
    safetensorsFile(`{${one}}`, new Uint8Array(9)),
    '5 bytes follow the last tensor and belong to none'
  ),
  bad(
    'data and no tensor',
    safetensorsFile('{}', four),
    '4 bytes follow the last tensor and belong to none'
  ),
  bad(
    'last bytes missing',
    safetensorsFile(`{${one}}`, new Uint8Array(3)),
    '1 bytes are missing at the end of the file'
  ),
  bad(
    'a hole',
    safetensorsFile(
      `{${one},"b":{"dtype":"U8","shape":[1],"data_offsets":[6,7]}}`,
      new Uint8Array(7)
    ),
    '2 bytes before tensor "b" belong to no tensor'
  ),
  bad(
    'tensors that overlap in part',
    safetensorsFile(
      `{${one},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}`,
      new Uint8Array(6)
    ),
    'tensors "a" and "b" overlap'
  ),
  bad(
    'ten tensors over the same bytes',
    safetensorsFile(
      `{${Array.from({ length: 10 }, (_, i) => one.replace('a', `t${i}`)).join()}}`,
      four
    ),
    'tensors "t0" and "t1" overlap'
  ),
  bad(
    'an empty tensor inside another',
    safetensorsFile(`{${one},"b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}`, four),
    'tensors "a" and "b" overlap'
  ),
  bad(
    'an empty tensor past the end',
    safetensorsFile(`{${one},"b":{"dtype":"U8","shape":[0],"data_offsets":[9,9]}}`, four),
    '5 bytes before tensor "b" belong to no tensor'
  ),
  bad(
    'a name that reorders the line',
    safetensorsFile(`{"a\u202eb":{"shape":[]}}`, four),
    'tensor "a\\u{202e}b" has no dtype'
  ),
  bad(
    'a very long name',
    safetensorsFile(`{"${'n'.repeat(5000)}":{}}`),
    `tensor "${'n'.repeat(80)}… (5000 characters)" has no dtype`
  )
]
