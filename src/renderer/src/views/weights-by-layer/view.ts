import { ChartLine } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import LayersThumbnail from './LayersThumbnail.vue'
import WeightsByLayerView from './WeightsByLayerView.vue'

/** A number of weights in each layer. Two models stand beside each other: their layers are not the same, though their numbers have one range. */
export const weightsByLayerView: View = {
  type: 'weights-by-layer',
  icon: ChartLine,
  name: 'Weights by layer',
  group: 'Weights',
  question: 'How do weights change with depth?',
  words: 'mean standard deviation norm α power law rank box plot',
  accepts: ['model'],
  of: 'model',
  compares: false,
  thumbnail: LayersThumbnail,
  empty: 'Statistics of weights by layer appear',
  help: () => help,
  title: ({ model }) => (model === null ? 'Weights by layer' : `Weights by layer · ${model}`),
  component: WeightsByLayerView,
  tools: null
}
