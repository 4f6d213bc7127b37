import { Undo2 } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import SaliencyThumbnail from './SaliencyThumbnail.vue'
import SaliencyView from './SaliencyView.vue'

/** How a number depends on each token. Two texts stand beside each other on one scale. */
export const saliencyView: View = {
  type: 'saliency',
  icon: Undo2,
  name: 'Saliency',
  group: 'Gradients and interventions',
  question: 'Which tokens does this logit, or the loss, depend on?',
  words: 'integrated gradients SmoothGrad occlusion leave one out attribution gradient × input',
  accepts: ['run', 'token'],
  of: 'run',
  compares: false,
  thumbnail: SaliencyThumbnail,
  empty: 'What a number depends on appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Saliency' : `Saliency · ${model}`),
  component: SaliencyView,
  tools: null
}
