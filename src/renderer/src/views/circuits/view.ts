import { Waypoints } from '@lucide/vue'
import type { View } from '../view.ts'
import CircuitsThumbnail from './CircuitsThumbnail.vue'
import CircuitsView from './CircuitsView.vue'
import { help } from './help.ts'

/** Heads by their weights alone. Two models stand beside each other: their numbers have one range. */
export const circuitsView: View = {
  type: 'circuits',
  icon: Waypoints,
  name: 'Circuits and composition',
  group: 'Weights',
  question: 'Which heads read what others write, copy, or are alike by their weights?',
  words: 'QK OV circuit composition induction copying score eigenvalues',
  accepts: ['model', 'head'],
  of: 'model',
  compares: false,
  thumbnail: CircuitsThumbnail,
  empty: 'What heads are by their weights appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Circuits' : `Circuits · ${model}`),
  component: CircuitsView,
  tools: null
}
