import type { TransformerSpec } from '#common/model/spec.ts'
import { pastInputs, presentOutputs } from '../../architecture/builder/inputs.ts'
import type { Carry, EngineFeeds } from '../../engine/protocol.ts'
import { outputOfBlock } from './block-names.ts'

/** What comes before the tokens that run: its keys and values lie in the engine. */
export interface Past {
  /** Where they lie. Nothing else is to be kept under this name. */
  readonly name: string
  /** How many tokens it has. */
  readonly count: number
}

type Shape = Pick<TransformerSpec, 'nKeyValueHeads' | 'dHead'>

/** What a block is fed of a past. */
export function pastFeeds(
  { nKeyValueHeads, dHead }: Shape,
  layer: number,
  { name, count }: Past
): EngineFeeds {
  const none = {
    type: 'float32',
    shape: [0, nKeyValueHeads, dHead],
    data: new Float32Array(0)
  } as const
  const feed = (part: Part) =>
    count === 0 ? none : { carried: { place: placeOf(name, layer, part), name: String(count) } }
  return { [pastInputs.key]: feed('key'), [pastInputs.value]: feed('value') }
}

/** How a block leaves keys and values of a past and of what ran after it: of `count` tokens in all. */
export function presentCarries(layer: number, { name }: Past, count: number): Carry[] {
  return parts.map(part => ({
    output: outputOfBlock(layer, presentOutputs[part]),
    place: placeOf(name, layer, part),
    name: String(count)
  }))
}

/** All places in which keys and values of a past lie. */
export function pastPlaces(name: string, nLayers: number): string[] {
  return Array.from({ length: nLayers }, (_, layer) =>
    parts.map(part => placeOf(name, layer, part))
  ).flat()
}

/** What keys and values of a text take in the engine, in bytes. */
export function pastBytes(
  { blocks, nKeyValueHeads, dHead }: TransformerSpec,
  count: number
): number {
  return 4 * parts.length * blocks.length * nKeyValueHeads * dHead * count
}

const parts = ['key', 'value'] as const
type Part = (typeof parts)[number]

function placeOf(name: string, layer: number, part: Part): string {
  return `${name}, block ${layer}, ${part}`
}
