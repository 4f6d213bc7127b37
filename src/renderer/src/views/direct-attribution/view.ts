import { Sigma } from '@lucide/vue'
import type { View } from '../view.ts'
import DirectThumbnail from './DirectThumbnail.vue'
import DirectView from './DirectView.vue'
import { help } from './help.ts'

/** What a logit is the sum of. Two stand beside each other, each with its own sum. */
export const directAttributionView: View = {
  type: 'direct-attribution',
  icon: Sigma,
  name: 'Direct logit attribution',
  group: 'Activations and predictions',
  question: 'Which layers, heads and neurons make this logit?',
  words: 'DLA logit attribution decomposition contributions',
  accepts: ['run', 'token'],
  of: 'run',
  compares: false,
  thumbnail: DirectThumbnail,
  empty: 'What a logit is made of appears',
  help: () => help,
  title: ({ model }) =>
    model === null ? 'Direct logit attribution' : `Direct logit attribution · ${model}`,
  component: DirectView,
  tools: null
}
