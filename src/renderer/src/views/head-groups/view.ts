import { Network } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import GroupsThumbnail from './GroupsThumbnail.vue'
import HeadGroupsView from './HeadGroupsView.vue'
import { help } from './help.ts'

/** Which heads do alike. */
export const headGroupsView: View = {
  type: 'head-groups',
  icon: Network,
  name: 'Head groups',
  group: 'Attention',
  question: 'Which heads do alike?',
  words: 'cluster dendrogram Ward Jensen–Shannon',
  accepts: ['model', 'run', 'head'],
  of: 'run',
  compares: true,
  thumbnail: GroupsThumbnail,
  empty: 'Groups of heads appear',
  help: () => help,
  title: ({ model }) => (model === null ? 'Head groups' : `Head groups · ${model}`),
  reads: ['over'],
  component: HeadGroupsView,
  tools: MapLook
}
