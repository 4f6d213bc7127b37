import { setImmediate as turn } from 'node:timers/promises'
import { deserialize, serialize } from 'node:v8'
import type { ReadModel } from './read-model.ts'

/** A model as a reader sends it. Tensors, of which there may be any number, come in pieces. */
export interface PackedModel {
  /** All but its tensors. */
  readonly model: ReadModel
  readonly entries: readonly Uint8Array[]
  readonly listed: readonly Uint8Array[]
}

export function packed(model: ReadModel): PackedModel {
  const { reading, info } = model
  const { checkpoint } = reading
  const without = { ...reading, checkpoint: { ...checkpoint, tensors: new Map<string, never>() } }
  return {
    model: { ...model, reading: without, info: { ...info, tensors: [] } },
    entries: piecesOf([...checkpoint.tensors]),
    listed: piecesOf(info.tensors)
  }
}

/** The model again, with others served between two pieces. */
export async function unpacked({ model, entries, listed }: PackedModel): Promise<ReadModel> {
  type Tensors = ReadModel['reading']['checkpoint']['tensors']
  type Entry = Tensors extends ReadonlyMap<string, infer E> ? E : never
  const tensors = new Map<string, Entry>()
  for await (const piece of itemsOf<[string, Entry]>(entries))
    for (const [name, entry] of piece) tensors.set(name, entry)
  const list: ReadModel['info']['tensors'] = []
  for await (const piece of itemsOf<(typeof list)[number]>(listed)) list.push(...piece)
  const { reading, info } = model
  return {
    ...model,
    reading: { ...reading, checkpoint: { ...reading.checkpoint, tensors } },
    info: { ...info, tensors: list }
  }
}

/** So many take a few milliseconds. */
const pieceLength = 1000

function piecesOf(items: readonly unknown[]): Uint8Array[] {
  const count = Math.ceil(items.length / pieceLength)
  return Array.from({ length: count }, (_, i) =>
    serialize(items.slice(i * pieceLength, (i + 1) * pieceLength))
  )
}

async function* itemsOf<T>(pieces: readonly Uint8Array[]): AsyncGenerator<readonly T[]> {
  for (const [i, piece] of pieces.entries()) {
    if (i > 0) await turn()
    yield deserialize(piece) as readonly T[]
  }
}
