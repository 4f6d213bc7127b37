import { findingKinds } from '../../analysis/health/findings.ts'
import { inAnyLayer } from '../../analysis/health/usual-sizes.ts'
import { variable, type Dataset } from '../../data/dataset.ts'
import type { LinePlotData } from '../line-plot.ts'
import { layerLines } from './layer-lines.ts'

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
  return {
    title,
    x: { name: 'layer', log: false, whole: true, span: null },
    y: {
      ...{ name: 'size by the median', log: true },
      span: { low: 1 / deviates, high: deviates }
    },
    series: layerLines(groups, { layers, values: ratios }, beyond),
    lines: [
      { axis: 'y', at: deviates, name: `${deviates} times`, side: 'below' },
      { axis: 'y', at: 1 / deviates, name: `1/${deviates}` },
      ...(ratios.some(ratio => ratio > deviates)
        ? [{ axis: 'y' as const, at: ranAway, name: `${ranAway} times`, side: 'below' as const }]
        : [])
    ]
  }
}
