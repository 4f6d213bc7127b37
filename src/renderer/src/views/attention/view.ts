import { LayoutGrid } from '@lucide/vue'
import type { View } from '../view.ts'
import AttentionTools from './AttentionTools.vue'
import GridThumbnail from './GridThumbnail.vue'
import AttentionView from './AttentionView.vue'
import { help } from './help.ts'

/** All heads small, one head large. */
export const attentionView: View = {
  type: 'attention',
  icon: LayoutGrid,
  name: 'Attention',
  group: 'Attention',
  question: 'Which heads attend to what?',
  words: 'attention patterns grid heat maps weights all heads',
  accepts: ['run', 'block', 'token'],
  of: 'run',
  compares: true,
  thumbnail: GridThumbnail,
  empty: 'Maps of all heads appear',
  help,
  title: ({ model }) => (model === null ? 'Attention' : `Attention · ${model}`),
  component: AttentionView,
  tools: AttentionTools
}
