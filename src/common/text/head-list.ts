/** Heads as [layer, head]. */
export type HeadList = readonly (readonly [layer: number, head: number])[]

/** How many there are. */
interface Widths {
  readonly nLayers: number
  readonly nHeads: number
}

/**
 * Heads as they are typed: `0.1, 2.*, 3-5.0`. A star is all of them, `3-5` all from 3 to 5.
 * @returns each once, in order; or what is wrong with it, in words
 */
export function parseHeads(text: string, { nLayers, nHeads }: Widths): HeadList | string {
  const parts = text.split(/[\s,]+/).filter(part => part !== '')
  if (parts.length === 0) return 'Name some heads, such as 0.1, 2.*'
  const found = new Set<number>()
  for (const part of parts) {
    const [, ofLayers, ofHeads] = /^([\d*-]+)\.([\d*-]+)$/.exec(part) ?? []
    const layers = ofLayers === undefined ? null : indices(ofLayers)
    const heads = ofHeads === undefined ? null : indices(ofHeads)
    if (layers === null || heads === null)
      return `${part}: expected a layer and a head, such as 0.1, 2.* or 3-5.0`
    if (layers.last !== Infinity && layers.last >= nLayers)
      return `${part}: layers go from 0 to ${nLayers - 1}`
    if (heads.last !== Infinity && heads.last >= nHeads)
      return `${part}: heads go from 0 to ${nHeads - 1}`
    for (let layer = layers.first; layer <= Math.min(layers.last, nLayers - 1); layer++)
      for (let head = heads.first; head <= Math.min(heads.last, nHeads - 1); head++)
        found.add(layer * nHeads + head)
  }
  return [...found]
    .sort((a, b) => a - b)
    .map(index => [Math.floor(index / nHeads), index % nHeads] as const)
}

/** `*`, `3` or `3-5`; null where it is none of them. */
function indices(text: string): { readonly first: number; readonly last: number } | null {
  if (text === '*') return { first: 0, last: Infinity }
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  if (first === undefined) return null
  const [from, to] = [Number(first), Number(last ?? first)]
  return from <= to ? { first: from, last: to } : null
}
