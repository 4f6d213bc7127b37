import { Asterisk } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import NeuronsThumbnail from './NeuronsThumbnail.vue'
import NeuronsView from './NeuronsView.vue'

/** What neurons respond to and what they write. Lists do not subtract: two stand side by side, on one scale. */
export const neuronsView: View = {
  type: 'neurons',
  icon: Asterisk,
  name: 'Neurons',
  group: 'Activations and predictions',
  question: 'Which neurons fire here, and what does each stand for?',
  words: 'top activating MLP dead polysemantic',
  accepts: ['neuron', 'run', 'token', 'block'],
  of: 'run',
  compares: false,
  thumbnail: NeuronsThumbnail,
  empty: 'What neurons respond to appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Neurons' : `Neurons · ${model}`),
  reads: ['over'],
  component: NeuronsView,
  tools: MapLook
}
