import { GitCompareArrows } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import ComparisonThumbnail from './ComparisonThumbnail.vue'
import { help } from './help.ts'
import ModelComparisonView from './ModelComparisonView.vue'

/** What the heads of two models do, side by side. */
export const modelComparisonView: View = {
  type: 'model-comparison',
  icon: GitCompareArrows,
  name: 'Compare models',
  group: 'Attention',
  question: 'How do the heads of two models differ?',
  words: 'two models side by side English Hebrew',
  accepts: ['model', 'run'],
  of: 'run',
  compares: true,
  thumbnail: ComparisonThumbnail,
  empty: 'What the heads of two models do appears',
  help,
  title: ({ model }) => (model === null ? 'Models' : `Models · ${model}`),
  reads: ['over', 'otherOver'],
  component: ModelComparisonView,
  tools: MapLook
}
