import { Diff } from '@lucide/vue'
import type { View } from '../view.ts'
import CheckpointsThumbnail from './CheckpointsThumbnail.vue'
import CheckpointsView from './CheckpointsView.vue'
import { help } from './help.ts'

/** What changed between two checkpoints of one architecture, tensor by tensor. */
export const checkpointsView: View = {
  type: 'checkpoints',
  icon: Diff,
  name: 'Two checkpoints',
  group: 'Weights',
  question: 'What did fine-tuning, an adapter or other number types change?',
  words: 'diff difference fine-tuned LoRA delta compare weights',
  accepts: ['model'],
  of: 'model',
  compares: true,
  thumbnail: CheckpointsThumbnail,
  empty: 'What changed between two checkpoints appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Two checkpoints' : `Two checkpoints · ${model}`),
  component: CheckpointsView,
  tools: null
}
