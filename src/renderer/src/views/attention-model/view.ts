import { Waypoints } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import AttentionModelView from './AttentionModelView.vue'
import { help } from './help.ts'
import ModelThumbnail from './ModelThumbnail.vue'

/** All heads as lines between their tokens, small. */
export const attentionModelView: View = {
  type: 'attention-model',
  icon: Waypoints,
  name: 'Model view',
  group: 'Attention',
  question: 'Which patterns are there among all heads?',
  words: 'BertViz all heads small multiples',
  accepts: ['run', 'block', 'head', 'token'],
  of: 'run',
  // Two stand side by side.
  compares: false,
  subtracts: 'tokens',
  thumbnail: ModelThumbnail,
  empty: 'Lines of all heads appear',
  help,
  title: ({ model }) => (model === null ? 'Model view' : `Model view · ${model}`),
  component: AttentionModelView,
  tools: MapLook
}
