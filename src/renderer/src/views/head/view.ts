import { Grid2x2 } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import MapThumbnail from './MapThumbnail.vue'
import HeadView from './HeadView.vue'

/** One head's pattern, large. */
export const headView: View = {
  type: 'head',
  icon: Grid2x2,
  name: 'Head',
  group: 'Attention',
  question: 'What does each token attend to in this head?',
  words: 'attention map pattern one head',
  accepts: ['head', 'cell'],
  of: 'run',
  compares: true,
  thumbnail: MapThumbnail,
  empty: 'A head’s pattern appears',
  help,
  title: ({ layer, head }) => `Head ${layer}.${head} · attention`,
  component: HeadView,
  tools: MapLook
}
