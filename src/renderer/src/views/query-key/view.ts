import { Sigma } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import QueryKeyDifference from './QueryKeyDifference.vue'
import QueryKeyView from './QueryKeyView.vue'
import VectorsThumbnail from './VectorsThumbnail.vue'

/** How one weight of a head came about. */
export const queryKeyView: View = {
  type: 'query-key',
  icon: Sigma,
  name: 'Query–key',
  group: 'Attention',
  question: 'How did this weight come about?',
  words: 'q k v dot product score softmax rotary',
  accepts: ['cell', 'head'],
  of: 'run',
  compares: false,
  subtracts: 'tokens',
  difference: QueryKeyDifference,
  thumbnail: VectorsThumbnail,
  empty: 'What a weight is made of appears',
  help,
  title: ({ layer, head }) => `Head ${layer}.${head} · query–key`,
  component: QueryKeyView,
  tools: null
}
