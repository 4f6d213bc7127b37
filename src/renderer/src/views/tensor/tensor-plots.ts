import type { Dataset } from '#common/data/dataset.ts'
import type { LinePlotData } from '#common/figure/line-plot.ts'
import { tensorPlots, type TensorPlot } from '#common/figure/views/tensor-view.ts'
import {
  componentsPlot,
  componentsSharePlot,
  cumulativePlot,
  histogramPlot,
  normsPlot,
  spectrumPlot
} from '#common/figure/views/tensor-figures.ts'

/** A plot, and what the command line calls it. */
export interface NamedPlot {
  readonly name: string
  readonly form: TensorPlot
  readonly data: LinePlotData
}

/** How the weights of a tensor are distributed, and of a matrix the norms of its rows and columns. */
export function numberPlots(result: Dataset, title: string | null): NamedPlot[] {
  const [rows, columns] = [normsPlot(result, 'row', title), normsPlot(result, 'column', title)]
  return [
    named('histogram', histogramPlot(result, title)),
    ...(rows ? [named('row-norms', rows)] : []),
    ...(columns ? [named('column-norms', columns)] : [])
  ]
}

/** The singular values of a matrix, and how much of it the first explain. */
export function spectrumPlots(result: Dataset, title: string | null): NamedPlot[] {
  return [
    named('spectrum', spectrumPlot(result, title)),
    named('cumulative', cumulativePlot(result, title))
  ]
}

/** Where the rows of a matrix lie along its first two components, and how much of their variance the first have. */
export function componentsPlots(result: Dataset, title: string | null): NamedPlot[] {
  return [
    named('components', componentsPlot(result, title)),
    named('components-share', componentsSharePlot(result, title))
  ]
}

function named(form: TensorPlot, data: LinePlotData): NamedPlot {
  const { words } = tensorPlots[form]
  return { name: `${words[0]!.toUpperCase()}${words.slice(1)}`, form, data }
}
