import { Rows4 } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import ActivationsThumbnail from './ActivationsThumbnail.vue'
import ActivationsView from './ActivationsView.vue'
import { help } from './help.ts'

/** The values of any hook. Two stand side by side, with one range. */
export const activationsView: View = {
  type: 'activations',
  icon: Rows4,
  name: 'Activations',
  group: 'Activations and predictions',
  question: 'How large is what each block computes, and which units stand out?',
  words: 'hooks residual stream norms histogram experts router MLP',
  accepts: ['run', 'token', 'block'],
  of: 'run',
  compares: false,
  thumbnail: ActivationsThumbnail,
  empty: 'The values of each block appear',
  help: () => help,
  title: ({ model }) => (model === null ? 'Activations' : `Activations · ${model}`),
  component: ActivationsView,
  tools: MapLook
}
