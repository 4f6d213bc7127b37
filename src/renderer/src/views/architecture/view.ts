import { Workflow } from '@lucide/vue'
import type { View } from '../view.ts'
import ArchitectureThumbnail from './ArchitectureThumbnail.vue'
import ArchitectureView from './ArchitectureView.vue'
import { help } from './help.ts'

/** The block as a model has it. What differs between two models stands in two diagrams beside each other. */
export const architectureView: View = {
  type: 'architecture',
  icon: Workflow,
  name: 'Architecture',
  group: 'Model',
  question: 'How is a block of this model built?',
  words: 'diagram block layers structure 3-D parameters',
  accepts: ['model'],
  of: 'model',
  compares: false,
  thumbnail: ArchitectureThumbnail,
  empty: 'A diagram of a model’s blocks appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Architecture' : `Architecture · ${model}`),
  component: ArchitectureView,
  tools: null
}
