import { AudioWaveform } from '@lucide/vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import PositionsThumbnail from './PositionsThumbnail.vue'
import PositionsView from './PositionsView.vue'

/** How a model tells positions: two models stand beside each other, for what they add is of spaces of their own. */
export const positionsView: View = {
  type: 'positions',
  icon: AudioWaveform,
  name: 'Positions',
  group: 'Tokens and embeddings',
  question: 'How does the model know where a token stands?',
  words: 'positional encoding wpe rotary RoPE ALiBi sinusoidal Fourier',
  accepts: ['model', 'token'],
  of: 'model',
  compares: false,
  thumbnail: PositionsThumbnail,
  empty: 'How a model tells positions appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Positions' : `Positions · ${model}`),
  component: PositionsView,
  tools: null
}
