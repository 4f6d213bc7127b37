import { FileText } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import BarsThumbnail from './BarsThumbnail.vue'
import OverviewView from './OverviewView.vue'

/** What a model is, without running it. */
export const overviewView: View = {
  type: 'overview',
  icon: FileText,
  name: 'Overview',
  group: 'Model',
  question: 'What is this model made of?',
  words: 'summary parameters config tensors sizes',
  accepts: ['model'],
  of: 'model',
  compares: false,
  thumbnail: BarsThumbnail,
  empty: 'A model’s widths, parameters and tensors appear',
  help: () => help,
  title: ({ model }) => (model === null ? 'Overview' : `Overview · ${model}`),
  component: OverviewView,
  tools: null
}
