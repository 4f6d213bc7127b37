import type { Provider } from '#common/model/provider.ts'
import { hasRoomTwice } from '../../engine/protocol.ts'
import { blockRoles } from '../../architecture/roles.ts'
import type { RunnableModel } from '../model/model.ts'
import { roleBytes, weightBytes } from './weight-bytes.ts'

/** Blocks one after the other: `from` and those up to `to`, which is not one of them. */
export interface Chunk {
  readonly from: number
  readonly to: number
}

/** What blocks of one part take at most, in bytes, where it has several. More at once is quicker, and takes more memory as it is loaded. */
const mostBytes = 2 ** 27

/**
 * The blocks of a model by the parts that run them unedited: several together on the CPU, where the budget has room for
 * the model twice; else a block a part, which alone can give way to another. Blocks that share weights have a part each, too:
 * a part would have them once for each of its blocks.
 */
export function chunksOf(model: RunnableModel, provider: Provider, budget: number): Chunk[] {
  const { all, byBlock } = sizesOf(model)
  if (provider !== 'cpu' || byBlock === null || !hasRoomTwice(all, budget))
    return model.spec.blocks.map((_, layer) => only(layer))
  const chunks: Chunk[] = []
  let bytes = 0
  for (const [layer, own] of byBlock.entries()) {
    const last = chunks.at(-1)
    if (last !== undefined && bytes + own <= mostBytes) {
      chunks[chunks.length - 1] = { ...last, to: layer + 1 }
      bytes += own
    } else {
      chunks.push(only(layer))
      bytes = own
    }
  }
  return chunks
}

/** What weights take, in bytes. */
interface Sizes {
  readonly all: number
  /** Null where blocks share some. */
  readonly byBlock: readonly number[] | null
}

/** They are asked for at every pass, and of many experts there are many. */
const known = new WeakMap<RunnableModel, Sizes>()

function sizesOf(model: RunnableModel): Sizes {
  const sizes = known.get(model) ?? { all: weightBytes(model, false), byBlock: bytesByBlock(model) }
  known.set(model, sizes)
  return sizes
}

function bytesByBlock(model: RunnableModel): number[] | null {
  const { spec } = model
  const roles = spec.blocks.map(block => blockRoles(block, spec))
  const each = roles.map(own => new Set(own.map(({ tensor }) => tensor)))
  const all = new Set(each.flatMap(own => [...own]))
  if (all.size < each.reduce((sum, own) => sum + own.size, 0)) return null
  return roles.map(own => own.reduce((sum, role) => sum + roleBytes(model, role, false), 0))
}

/** The one of them that a block is of. */
export function chunkOf(chunks: readonly Chunk[], layer: number): Chunk {
  return chunks.find(({ to }) => layer < to)!
}

export function only(layer: number): Chunk {
  return { from: layer, to: layer + 1 }
}

export function layersOf({ from, to }: Chunk): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
