import { exactCount } from '../../text/number-text.ts'
import { visibleText } from '../../text/visible-text.ts'
import type { PlotSeries } from '../line-plot.ts'

/** Lines that are named: of more the rest are one. */
const mostNamed = 2

/**
 * A line through the layers for each tensor that they have alike: those that stand out in colours, over the others.
 * @param groups by the name that a tensor has in all layers, with a star for the number: which of the numbers are its own
 * @param standOut names of groups, what stands out most first
 */
export function layerLines(
  groups: ReadonlyMap<string, readonly number[]>,
  { layers, values }: { readonly layers: ArrayLike<number>; readonly values: ArrayLike<number> },
  standOut: readonly string[]
): PlotSeries[] {
  const lineOf = (group: string, name: string | null, color: PlotSeries['color']): PlotSeries => {
    const own = groups.get(group)!.toSorted((a, b) => layers[a]! - layers[b]!)
    return {
      ...{ name, shape: 'line', color, width: 0 },
      x: Float64Array.from(own, i => layers[i]!),
      y: Float64Array.from(own, i => values[i]!)
    }
  }
  const like = [...groups.keys()].filter(group => !standOut.includes(group))
  const [one, several] = standOut.length === 0 ? ['tensor', 'tensors'] : ['other', 'others']
  const rest = `${exactCount(like.length)} ${like.length === 1 ? one : several}`
  return [
    ...like.map((group, i) => lineOf(group, i === 0 ? rest : null, 'faint')),
    ...standOut.map((group, i) =>
      lineOf(group, i < mostNamed ? shortName(group) : null, Math.min(i, mostNamed))
    )
  ]
}

/** What comes after the number of the layer. */
function shortName(group: string): string {
  return visibleText(group.slice(group.indexOf('*') + 1).replace(/^\./, '') || group)
}
