import { Grid2x2 } from '@lucide/vue'
import type { View } from '../view.ts'
import { HeadContext } from './context.ts'
import { help } from './help.ts'
import HeadView from './HeadView.vue'

/** One head's pattern, large. */
export const headView: View<HeadContext> = {
  type: 'head',
  icon: Grid2x2,
  help,
  component: HeadView,
  title: ({ layer, head }) => `Head ${layer}.${head} · attention`,
  parse: context => HeadContext.parse(typeof context === 'object' && context ? context : {})
}
