import { Combine } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import AggregateView from './AggregateView.vue'
import { help } from './help.ts'
import LayersThumbnail from './LayersThumbnail.vue'

/** Many heads as one map. */
export const aggregateView: View = {
  type: 'attention-aggregate',
  icon: Combine,
  name: 'Aggregate',
  group: 'Attention',
  question: 'What do heads attend to together?',
  words: 'mean max attention rollout average heads',
  accepts: ['run', 'block', 'head'],
  of: 'run',
  compares: true,
  thumbnail: LayersThumbnail,
  empty: 'A map of many heads appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Aggregate' : `Aggregate · ${model}`),
  component: AggregateView,
  tools: MapLook
}
