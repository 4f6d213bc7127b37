import { WholeWord } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import WordsThumbnail from './WordsThumbnail.vue'
import WordsView from './WordsView.vue'

/** Words by their vectors: those of two models are of spaces of their own, and stand beside each other. */
export const wordsView: View = {
  type: 'words',
  icon: WholeWord,
  name: 'Words',
  group: 'Tokens and embeddings',
  question: 'Which words are alike to the model, and in what?',
  words: 'word embeddings nearest neighbours cosine similarity analogy dimensions',
  accepts: ['model', 'token'],
  of: 'model',
  compares: false,
  thumbnail: WordsThumbnail,
  empty: 'Words and their neighbours appear',
  help: () => help,
  title: ({ model }) => (model === null ? 'Words' : `Words · ${model}`),
  component: WordsView,
  tools: MapLook
}
