import { ChartSpline } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import TimelineThumbnail from './TimelineThumbnail.vue'
import TimelineView from './TimelineView.vue'

/** A number through the checkpoints of a training. */
export const timelineView: View = {
  type: 'timeline',
  icon: ChartSpline,
  name: 'Timeline',
  group: 'Weights',
  question: 'When did a head appear, and how did weights change in training?',
  words: 'training steps checkpoints loss curve',
  accepts: ['model', 'run'],
  of: 'model',
  compares: false,
  thumbnail: TimelineThumbnail,
  empty: 'A number through the checkpoints of a training appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Timeline' : `Timeline · ${model}`),
  reads: ['over'],
  component: TimelineView,
  tools: null
}
