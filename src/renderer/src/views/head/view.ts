import { Grid2x2 } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import HeadView from './HeadView.vue'

/** One head's pattern, large. */
export const headView: View = {
  type: 'head',
  icon: Grid2x2,
  accepts: 'head',
  empty: 'A head’s pattern appears',
  help,
  title: ({ layer, head }) => `Head ${layer}.${head} · attention`,
  component: HeadView,
  tools: MapLook
}
