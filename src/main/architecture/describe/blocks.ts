import { layerMark } from '#common/model/describe-file.ts'
import type { TensorTable } from '../tensor-table.ts'
import type { NamedParameters } from './modules.ts'

/** The repeated blocks of a model, and what lies outside them. */
export interface Repetition {
  readonly count: number
  /** Where the blocks lie, such as `transformer.h.{l}`. */
  readonly place: string
  /**
   * The parameters of one block by their names within it. One entry with `{l}` in the tensors' names where
   * all blocks are alike; else one for each block.
   */
  readonly blocks: readonly NamedParameters[]
  readonly outside: NamedParameters
}

/**
 * Finds the blocks: the number in the names that covers the most tensors, the leftmost of equals.
 * @returns null when no name has a number
 */
export function repetitionIn(tensors: TensorTable): Repetition | null {
  const series = new Map<string, Map<number, Map<string, string>>>()
  for (const name of tensors.keys())
    for (const { index, start, end } of numbersIn(name)) {
      const before = name.slice(0, start)
      const layers = series.get(before) ?? new Map<number, Map<string, string>>()
      const layer = layers.get(index) ?? new Map<string, string>()
      layer.set(name.slice(end + 1), name)
      series.set(before, layers.set(index, layer))
    }
  const complete = [...series]
    .map(([before, layers]) => ({ before, layers: inSequence(layers) }))
    .filter(({ layers }) => layers !== null)
    .map(({ before, layers }) => ({
      before,
      layers: layers!,
      covers: layers!.reduce((sum, { names }) => sum + names.size, 0)
    }))
    .sort((a, b) => b.covers - a.covers || a.before.length - b.before.length)
  const [best] = complete
  if (best === undefined) return null
  return repetition(tensors, best.before, best.layers)
}

interface Layer {
  readonly index: number
  readonly names: ReadonlyMap<string, string>
}

function repetition(tensors: TensorTable, before: string, layers: readonly Layer[]): Repetition {
  const shapeOf = (name: string) => tensors.get(name)!.shape
  const inside = new Set(layers.flatMap(({ names }) => [...names.values()]))
  const outside = [...tensors.keys()]
    .filter(name => !inside.has(name))
    .map(name => [name, { name, shape: shapeOf(name) }] as const)
  const [first] = layers
  const written = (layer: Layer) =>
    JSON.stringify([...layer.names].map(([rest, name]) => [rest, shapeOf(name)]).sort())
  const alike = first!.index === 0 && layers.every(layer => written(layer) === written(first!))
  const named = alike ? [first!] : layers
  const separator = (name: string, rest: string) => name.slice(0, name.length - rest.length)
  return {
    count: layers.length,
    place: `${before}${layerMark}`,
    blocks: named.map(
      layer =>
        new Map(
          [...layer.names].map(([rest, name]) => {
            const dot = separator(name, rest).slice(before.length).replace(/^\d+/, '')
            const shown = alike ? `${before}${layerMark}${dot}${rest}` : name
            return [rest, { name: shown, shape: shapeOf(name) }]
          })
        )
    ),
    outside: new Map(outside)
  }
}

/** Numbers that end a part of a name, with what follows: `h.0.`, `layer_0/`, `block3.`. */
function numbersIn(name: string): { index: number; start: number; end: number }[] {
  // From their first digit alone: a name may be all digits, and long.
  return [...name.matchAll(/(?<!\d)\d+(?=[./])/g)].map(match => ({
    index: Number(match[0]),
    start: match.index,
    end: match.index + match[0].length
  }))
}

/** Layers counted without a gap from 0 or 1; null when they are not. */
function inSequence(layers: ReadonlyMap<number, ReadonlyMap<string, string>>): Layer[] | null {
  const sorted = [...layers]
    .map(([index, names]) => ({ index, names }))
    .sort((a, b) => a.index - b.index)
  const start = sorted[0]!.index
  const gapless = start <= 1 && sorted.every(({ index }, i) => index === start + i)
  return gapless && sorted.length <= 4096 ? sorted : null
}
