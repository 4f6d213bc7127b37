import { FileText } from '@lucide/vue'
import type { View } from '../view.ts'
import { OverviewContext } from './context.ts'
import { help } from './help.ts'
import OverviewView from './OverviewView.vue'

/** What a model is, without running it. */
export const overviewView: View<OverviewContext> = {
  type: 'overview',
  icon: FileText,
  help,
  component: OverviewView,
  title: ({ pin }) => (pin ? `Overview · ${pin.name}` : 'Overview'),
  parse: context => OverviewContext.parse(typeof context === 'object' && context ? context : {})
}
