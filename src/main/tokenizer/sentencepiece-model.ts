import { BinaryReader } from '@bufbuild/protobuf/wire'
import { LamellaError } from '#common/model/errors.ts'
import { checkSize, invalid } from './definition.ts'

/** What a piece of a SentencePiece vocabulary is for. */
export type PieceKind = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte'

/** A SentencePiece `.model` file, as far as splitting text needs it. */
export interface SentencePieceModel {
  readonly pieces: readonly {
    readonly piece: string
    readonly score: number
    readonly kind: PieceKind
  }[]
  readonly algorithm: 'unigram' | 'bpe' | 'word' | 'char'
  readonly byteFallback: boolean
  /** Marks spaces at the end of words instead of their start. */
  readonly spaceAsSuffix: boolean
  readonly unknownId: number
  /** −1 for none. */
  readonly startId: number
  readonly endId: number
  /** Rewriting rules, empty for none. */
  readonly charsmap: Uint8Array
  readonly addsPrefix: boolean
  readonly removesExtraSpaces: boolean
}

const pieceKinds: readonly PieceKind[] = [
  'normal',
  'unknown',
  'control',
  'user-defined',
  'unused',
  'byte'
]
const algorithms = ['unigram', 'bpe', 'word', 'char'] as const

/**
 * Reads a `.model` file.
 * @throws LamellaError when it is none
 * @source sentencepiece_model.proto
 */
export function readSentencePiece(bytes: Uint8Array, file: string): SentencePieceModel {
  if (/^[A-Za-z0-9+/]+=* \d+\r?\n/.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1')))
    throw new LamellaError(
      'unsupported',
      `${file}: a tiktoken vocabulary, expected a SentencePiece model`,
      'Put the tokenizer.json of the model beside it'
    )
  try {
    return modelOf(bytes, file)
  } catch (thrown) {
    if (thrown instanceof LamellaError) throw thrown
    const cause = thrown instanceof Error ? thrown.message : 'unreadable'
    return invalid(file, `not a SentencePiece model (${cause})`)
  }
}

function modelOf(bytes: Uint8Array, file: string): SentencePieceModel {
  const pieces: SentencePieceModel['pieces'][number][] = []
  let trainer: Fields = new Map()
  let normalizer: Fields = new Map()
  eachField(bytes, (number, reader, wireType) => {
    if (wireType !== 2 || number > 3) return false
    const fields = fieldsOf(reader.bytes())
    if (number === 1) checkSize(pieces.push(pieceOf(fields)), file)
    else if (number === 2) trainer = fields
    else normalizer = fields
    return true
  })
  checkSize(pieces.length, file)
  const flag = (fields: Fields, number: number, usually: boolean) =>
    numberOf(fields, number, usually ? 1 : 0) !== 0
  return {
    pieces,
    algorithm: algorithms[numberOf(trainer, 3, 1) - 1] ?? invalid(file, 'unknown model type'),
    byteFallback: flag(trainer, 35, false),
    spaceAsSuffix: flag(trainer, 24, false),
    unknownId: pieces.findIndex(piece => piece.kind === 'unknown'),
    startId: numberOf(trainer, 41, 1),
    endId: numberOf(trainer, 42, 2),
    charsmap: bytesOf(normalizer, 2),
    addsPrefix: flag(normalizer, 3, true),
    removesExtraSpaces: flag(normalizer, 4, true)
  }
}

function pieceOf(fields: Fields): SentencePieceModel['pieces'][number] {
  return {
    piece: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(fields, 1)),
    score: numberOf(fields, 2, 0),
    kind: pieceKinds[numberOf(fields, 3, 1) - 1] ?? 'normal'
  }
}

/** The fields of a message by number; the last of each counts. */
type Fields = Map<number, number | Uint8Array>

function fieldsOf(bytes: Uint8Array): Fields {
  const fields: Fields = new Map()
  eachField(bytes, (number, reader, wireType) => {
    if (wireType === 0) fields.set(number, Number(reader.int64()))
    else if (wireType === 2) fields.set(number, reader.bytes())
    else if (wireType === 5) fields.set(number, reader.float())
    else return false
    return true
  })
  return fields
}

/** Goes through a message; `read` says whether it took the field. */
function eachField(
  bytes: Uint8Array,
  read: (number: number, reader: BinaryReader, wireType: number) => boolean
): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    if (!read(number, reader, wireType)) reader.skip(wireType, number)
  }
}

function numberOf(fields: Fields, number: number, usually: number): number {
  const value = fields.get(number)
  return typeof value === 'number' ? value : usually
}

function bytesOf(fields: Fields, number: number): Uint8Array {
  const value = fields.get(number)
  return value instanceof Uint8Array ? value : new Uint8Array()
}
