import { axis, type Dataset, type NumberArray } from '../../data/dataset.ts'
import { valueBins, type NeuronContext, type NeuronSample } from './neuron-contexts.ts'

/** What samples of neurons are as variables: histograms, parts of the range, and tokens with what is around. */
export function contextVariables(
  samples: readonly NeuronSample[],
  {
    bins,
    per_bin: most,
    around
  }: { readonly bins: number; readonly per_bin: number; readonly around: number }
): { readonly axes: Dataset['axes']; readonly variables: Record<string, NumberArray> } {
  const parts = samples.map(sample => valueBins(sample, bins, most))
  const rows = samples.flatMap(({ top }, neuron) => [
    ...parts[neuron]!.flatMap(({ drawn }, bin) => drawn.map(({ item }) => ({ item, neuron, bin }))),
    ...top.map(item => ({ item, neuron, bin: -1 }))
  ])
  const width = 2 * around + 1
  const token = new Int32Array(rows.length * width).fill(-1)
  const activation = new Float32Array(rows.length * width).fill(NaN)
  rows.forEach(({ item: { pos, start, ids, values } }, row) => {
    const at = row * width + start - (pos - around)
    token.set(ids, at)
    activation.set(values, at)
  })
  const ofBins = (
    of: (bin: { low: number; high: number; count: number }) => number,
    none: number
  ) =>
    Float64Array.from(
      parts.flatMap(own => Array.from({ length: bins }, (_, i) => (own[i] ? of(own[i]) : none)))
    )
  const integers = (of: (item: NeuronContext) => number) =>
    Int32Array.from(rows, ({ item }) => of(item))
  return {
    axes: {
      bin: axis(bins),
      place: axis(width),
      context: axis(rows.map(({ item: { label, pos } }) => `${label}, token ${pos}`))
    },
    variables: {
      'cell.tokens': Float64Array.from(
        samples.flatMap(({ cells }) => cells.map(({ count }) => count))
      ),
      'bin.low': ofBins(({ low }) => low, NaN),
      'bin.high': ofBins(({ high }) => high, NaN),
      'bin.tokens': ofBins(({ count }) => count, 0),
      'context.neuron': Int32Array.from(rows, ({ neuron }) => neuron),
      'context.bin': Int32Array.from(rows, ({ bin }) => bin),
      'context.value': Float64Array.from(rows, ({ item }) => item.value),
      'context.window': integers(({ window }) => window),
      'context.pos': integers(({ pos }) => pos),
      'context.token': integers(({ ids, pos, start }) => ids[pos - start]!),
      token,
      activation
    }
  }
}
