import { LayoutGrid } from '@lucide/vue'
import type { View } from '../view.ts'
import AttentionView from './AttentionView.vue'
import { AttentionContext } from './context.ts'
import { help } from './help.ts'

/** All heads small, one head large. */
export const attentionView: View<AttentionContext> = {
  type: 'attention',
  icon: LayoutGrid,
  help,
  component: AttentionView,
  title: () => 'Attention',
  parse: context => AttentionContext.parse(typeof context === 'object' && context ? context : {})
}
