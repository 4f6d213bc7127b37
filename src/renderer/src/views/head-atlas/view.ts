import { Table2 } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import AtlasDifference from './AtlasDifference.vue'
import AtlasThumbnail from './AtlasThumbnail.vue'
import HeadAtlasView from './HeadAtlasView.vue'
import { help } from './help.ts'

/** What every head does, in numbers. */
export const headAtlasView: View = {
  type: 'head-atlas',
  icon: Table2,
  name: 'Head atlas',
  group: 'Attention',
  question: 'Which heads do what, and how surely?',
  words: 'head scores induction previous token duplicate ablation findings',
  accepts: ['model', 'run', 'block', 'head'],
  of: 'run',
  compares: false,
  subtracts: 'heads',
  difference: AtlasDifference,
  thumbnail: AtlasThumbnail,
  empty: 'Scores of all heads appear',
  help,
  title: ({ model }) => (model === null ? 'Head atlas' : `Head atlas · ${model}`),
  reads: ['over'],
  component: HeadAtlasView,
  tools: MapLook
}
