import { ScanText } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import ProfileDifference from './ProfileDifference.vue'
import ProfileThumbnail from './ProfileThumbnail.vue'
import ProfileView from './ProfileView.vue'

/** One head over many texts: how a score is distributed, and contexts from all of its range. */
export const headProfileView: View = {
  type: 'head-profile',
  icon: ScanText,
  name: 'Head profile',
  group: 'Attention',
  question: 'What does this head do over many texts?',
  words: 'max activating examples contexts HeadVis distribution',
  accepts: ['head'],
  of: 'run',
  // Two stand side by side.
  compares: false,
  subtracts: 'offsets',
  difference: ProfileDifference,
  thumbnail: ProfileThumbnail,
  empty: 'What a head does over many texts appears',
  help,
  title: ({ layer, head }) => `Head ${layer}.${head} · profile`,
  reads: ['over'],
  component: ProfileView,
  tools: MapLook
}
