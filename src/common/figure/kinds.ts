import { attentionMap } from './attention-map.ts'
import { barChart } from './bar-chart.ts'

/** Every kind of figure there is, by its name. */
export const figureKinds = {
  [attentionMap.name]: attentionMap,
  [barChart.name]: barChart
} as const
