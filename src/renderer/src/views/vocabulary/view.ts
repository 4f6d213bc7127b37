import { BookA } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import VocabularyThumbnail from './VocabularyThumbnail.vue'
import VocabularyView from './VocabularyView.vue'

/** All tokens of a model. Those of two models stand beside each other. */
export const vocabularyView: View = {
  type: 'vocabulary',
  icon: BookA,
  name: 'Vocabulary',
  group: 'Tokens and embeddings',
  question: 'Which tokens does the model have?',
  words: 'tokenizer search regular expression unused special tokens',
  accepts: ['model', 'token'],
  of: 'model',
  compares: false,
  thumbnail: VocabularyThumbnail,
  empty: 'The tokens of a model appear',
  help: () => help,
  title: ({ model }) => (model === null ? 'Vocabulary' : `Vocabulary · ${model}`),
  component: VocabularyView,
  tools: null
}
