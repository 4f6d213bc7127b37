import type { Dataset } from '#common/data/dataset.ts'
import type { LinePlotData } from '#common/figure/line-plot.ts'
import type { TensorPlot } from '#common/figure/views/tensor-view.ts'
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
    { name: 'Histogram', form: 'histogram', data: histogramPlot(result, title) },
    ...(rows ? [{ name: 'Norms of rows', form: 'row-norms', data: rows } as const] : []),
    ...(columns ? [{ name: 'Norms of columns', form: 'column-norms', data: columns } as const] : [])
  ]
}

/** The singular values of a matrix, and how much of it the first explain. */
export function spectrumPlots(result: Dataset, title: string | null): NamedPlot[] {
  return [
    { name: 'Singular values', form: 'spectrum', data: spectrumPlot(result, title) },
    { name: 'Explained', form: 'cumulative', data: cumulativePlot(result, title) }
  ]
}

/** Where the rows of a matrix lie along its first two components, and how much of their variance the first have. */
export function componentsPlots(result: Dataset, title: string | null): NamedPlot[] {
  return [
    {
      name: 'Rows along the first components',
      form: 'components',
      data: componentsPlot(result, title)
    },
    { name: 'Explained', form: 'components-share', data: componentsSharePlot(result, title) }
  ]
}
