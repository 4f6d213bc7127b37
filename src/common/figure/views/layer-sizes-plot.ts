import { findingKinds } from '../../analysis/health/findings.ts'
import { inAnyLayer } from '../../analysis/health/usual-sizes.ts'
import { variable, type Dataset } from '../../data/dataset.ts'
import { visibleText } from '../../text/visible-text.ts'
import type { LinePlotData, PlotSeries } from '../line-plot.ts'

/** Lines that are named: of more the rest are one. */
const mostNamed = 2

/**
 * How large the tensors of each layer are beside those of all layers, as `health` has them: a line for each that layers have;
 * those that are beyond a threshold somewhere stand out.
 * @returns null where layers are too few to tell
 */
export function layerSizesPlot(result: Dataset, title: string | null): LinePlotData | null {
  const layers = variable(result, 'layer').data
  const ratios = variable(result, 'size_ratio').data
  const names = result.axes['tensor']!.labels!
  const groups = Map.groupBy(
    Array.from(ratios.keys()).filter(i => !Number.isNaN(ratios[i])),
    i => inAnyLayer(names[i]!, layers[i]!)
  )
  if (groups.size === 0) return null
  const deviates = findingKinds['layer-deviates'].threshold
  const ranAway = findingKinds['exploding-norm'].threshold
  const isBeyond = (i: number) => ratios[i]! > deviates || ratios[i]! < 1 / deviates
  const beyond = [...groups].filter(([, own]) => own.some(isBeyond)).map(([name]) => name)
  const like = [...groups.keys()].filter(name => !beyond.includes(name))
  const lineOf = (group: string, name: string | null, color: PlotSeries['color']): PlotSeries => {
    const own = groups.get(group)!.toSorted((a, b) => layers[a]! - layers[b]!)
    return {
      ...{ name, shape: 'line', color, width: 0 },
      x: Float64Array.from(own, i => layers[i]!),
      y: Float64Array.from(own, i => ratios[i]!)
    }
  }
  const [one, more] = beyond.length === 0 ? ['tensor', 'tensors'] : ['other', 'others']
  const rest = `${like.length} ${like.length === 1 ? one : more}`
  return {
    title,
    x: { name: 'layer', log: false, whole: true, span: null },
    y: {
      ...{ name: 'size by the median', log: true },
      span: { low: 1 / deviates, high: deviates }
    },
    series: [
      ...like.map((group, i) => lineOf(group, i === 0 ? rest : null, 'faint')),
      ...beyond.map((group, i) =>
        lineOf(group, i < mostNamed ? shortName(group) : null, Math.min(i, mostNamed))
      )
    ],
    lines: [
      { axis: 'y', at: deviates, name: `${deviates} times` },
      { axis: 'y', at: 1 / deviates, name: `1/${deviates}` },
      ...(ratios.some(ratio => ratio > deviates)
        ? [{ axis: 'y' as const, at: ranAway, name: `${ranAway} times` }]
        : [])
    ]
  }
}

/** What comes after the number of the layer. */
function shortName(group: string): string {
  return visibleText(group.slice(group.indexOf('*') + 1).replace(/^\./, '') || group)
}
