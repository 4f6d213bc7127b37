import { TextQuote } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import AttentionTextView from './AttentionTextView.vue'
import { help } from './help.ts'
import TextThumbnail from './TextThumbnail.vue'

/** The text itself, shaded by attention. */
export const attentionTextView: View = {
  type: 'attention-text',
  icon: TextQuote,
  name: 'Text',
  group: 'Attention',
  question: 'Where in the text does a token look, and what looks at it?',
  words: 'highlight heat map of the text tokens shaded',
  accepts: ['head', 'cell', 'token', 'run'],
  of: 'run',
  // Two texts flow side by side.
  compares: false,
  subtracts: 'tokens',
  thumbnail: TextThumbnail,
  empty: 'The text, shaded by attention, appears',
  help,
  title: ({ layer, head }) => `Head ${layer}.${head} · text`,
  component: AttentionTextView,
  tools: MapLook
}
