import type { TransformerSpec } from '#common/model/spec.ts'
import { blockInputs, firstAlike, seenKeys } from '../../architecture/block-inputs.ts'
import type { EngineFeed, EngineFeeds } from '../../engine/protocol.ts'
import { blockName, inputOfBlock } from './block-names.ts'
import { layersOf, type Chunk } from './chunks.ts'
import { feeds } from './feeds.ts'

/**
 * What a part of blocks takes in beside the residual, and what edits one of them: where tokens stand, and which blocks run.
 * @param blocks those of the part
 * @param range those that run
 * @param ids of all tokens
 * @param past how many of them are past, where it runs those that follow
 */
export function partInputs(
  spec: TransformerSpec,
  blocks: Chunk,
  range: Chunk,
  ids: readonly number[],
  past?: number
): EngineFeeds {
  const seen = feeds(seenKeys(spec, ids))
  const all: Record<string, EngineFeeds[string]> = {}
  for (const layer of layersOf(blocks)) {
    if (blocks.to - blocks.from > 1) all[blockName(layer)] = says(isWithin(range, layer))
    if (firstAlike(spec, blocks.from, layer) !== layer) continue
    const own = { ...feeds(blockInputs(spec, layer, ids.length, past)), ...seen }
    for (const [name, feed] of Object.entries(own))
      all[inputOfBlock(spec, blocks, layer, name)] = feed
  }
  return all
}

function isWithin({ from, to }: Chunk, layer: number): boolean {
  return from <= layer && layer < to
}

function says(yes: boolean): EngineFeed {
  return { type: 'bool', shape: [], data: Uint8Array.of(yes ? 1 : 0) }
}
