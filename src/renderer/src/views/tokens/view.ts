import { TextCursorInput } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import TokensThumbnail from './TokensThumbnail.vue'
import TokensView from './TokensView.vue'

/** A text as its tokens. Of two models they stand beside each other; how they differ is told by the view itself. */
export const tokensView: View = {
  type: 'tokens',
  icon: TextCursorInput,
  name: 'Tokens',
  group: 'Tokens and embeddings',
  question: 'How was this text split into tokens?',
  words: 'tokenizer BPE merges ids bytes chat template dialogue',
  accepts: ['run', 'token'],
  of: 'run',
  compares: false,
  thumbnail: TokensThumbnail,
  empty: 'The tokens of the text appear',
  help: () => help,
  title: ({ model }) => (model === null ? 'Tokens' : `Tokens · ${model}`),
  component: TokensView,
  tools: null
}
