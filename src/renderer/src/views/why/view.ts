import { Scale } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import WhyThumbnail from './WhyThumbnail.vue'
import WhyView from './WhyView.vue'

/** Why a model prefers one token to another. What it says stands in words: two are read beside each other. */
export const whyView: View = {
  type: 'why',
  icon: Scale,
  name: 'Why A and not B?',
  group: 'Gradients and interventions',
  question: 'Why does the model say this token and not that one?',
  words: 'contrast logit difference direct effect',
  accepts: ['run', 'token'],
  of: 'run',
  compares: false,
  thumbnail: WhyThumbnail,
  empty: 'Why the model prefers one token to another appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Why A and not B?' : `Why A and not B? · ${model}`),
  reads: ['over'],
  component: WhyView,
  tools: null
}
