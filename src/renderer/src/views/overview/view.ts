import { FileText } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import OverviewView from './OverviewView.vue'

/** What a model is, without running it. */
export const overviewView: View = {
  type: 'overview',
  icon: FileText,
  accepts: 'model',
  empty: 'A model’s widths, parameters and tensors appear',
  help: () => help,
  title: ({ model }) => (model === null ? 'Overview' : `Overview · ${model}`),
  component: OverviewView,
  tools: null
}
