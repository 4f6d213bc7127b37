import { Stethoscope } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import HealthThumbnail from './HealthThumbnail.vue'
import HealthView from './HealthView.vue'

/** Whether weights are sound. What is found stands in words: two checks are read beside each other, each with its own thresholds. */
export const healthView: View = {
  type: 'health',
  icon: Stethoscope,
  name: 'Health check',
  group: 'Weights',
  question: 'Was this model trained, and is anything wrong with its weights?',
  words: 'dead rows NaN untrained diagnosis sanity',
  accepts: ['model'],
  of: 'model',
  compares: false,
  thumbnail: HealthThumbnail,
  empty: 'What is wrong with a model’s weights appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Health check' : `Health check · ${model}`),
  component: HealthView,
  tools: null
}
