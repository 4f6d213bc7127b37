import { LayoutTemplate } from '@lucide/vue'
import { useFigures } from '../../stores/figures.ts'
import type { View } from '../view.ts'
import FigureThumbnail from './FigureThumbnail.vue'
import FigureView from './FigureView.vue'
import { FigureOptions } from './figure-options.ts'
import { help } from './help.ts'

/** Figures of views as panels on a page. It is of the session, so that there is nothing to be compared. */
export const figureView: View = {
  type: 'figure',
  icon: LayoutTemplate,
  name: 'Figure',
  group: 'Notes and figures',
  question: 'How does it look in a paper?',
  words: 'paper page panels export compose',
  accepts: [],
  of: 'session',
  compares: false,
  thumbnail: FigureThumbnail,
  empty: 'Figures of the session appear',
  help: () => help,
  title({ options }) {
    const { figure } = FigureOptions.parse(options)
    return useFigures().find(figure ?? '')?.name ?? 'Figure'
  },
  component: FigureView,
  tools: null
}
