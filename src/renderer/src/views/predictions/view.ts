import { MessageSquareQuote } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import PredictionsThumbnail from './PredictionsThumbnail.vue'
import PredictionsView from './PredictionsView.vue'

/** What a model expects of a text, and how it goes on. */
export const predictionsView: View = {
  type: 'predictions',
  icon: MessageSquareQuote,
  name: 'Predictions',
  group: 'Activations and predictions',
  question: 'What did the model expect, and how would it go on?',
  words:
    'next token probabilities surprisal entropy generation sampling top-k masked fill mask classifier labels',
  accepts: ['run', 'token'],
  of: 'run',
  // Two texts flow side by side, shaded on one scale.
  compares: false,
  thumbnail: PredictionsThumbnail,
  empty: 'What the model expected of each token appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Predictions' : `Predictions · ${model}`),
  component: PredictionsView,
  tools: MapLook
}
