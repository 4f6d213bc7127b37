import { Spline } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import AttentionLinesView from './AttentionLinesView.vue'
import { help } from './help.ts'
import LinesThumbnail from './LinesThumbnail.vue'

/** Heads of a block as lines between two columns of tokens. */
export const attentionLinesView: View = {
  type: 'attention-lines',
  icon: Spline,
  name: 'Lines',
  group: 'Attention',
  question: 'Which tokens do the heads of a block join?',
  words: 'BertViz head view bipartite',
  accepts: ['head', 'cell', 'block', 'token', 'run'],
  of: 'run',
  // Two stand side by side.
  compares: false,
  subtracts: 'tokens',
  thumbnail: LinesThumbnail,
  empty: 'Lines between the tokens appear',
  help,
  title: ({ layer, head }) => `Head ${layer}.${head} · lines`,
  component: AttentionLinesView,
  tools: MapLook
}
