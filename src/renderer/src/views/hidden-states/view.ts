import { Waypoints } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import HiddenThumbnail from './HiddenThumbnail.vue'
import HiddenView from './HiddenView.vue'

/** How vectors of tokens change by layer. Two texts stand side by side, on one scale: their tokens are not each other's. */
export const hiddenStatesView: View = {
  type: 'hidden-states',
  icon: Waypoints,
  name: 'Contextual embeddings',
  group: 'Tokens and embeddings',
  question: 'How do tokens change from layer to layer, and how alike do they become?',
  words: 'hidden states residual stream similarity anisotropy sentence vectors CLS',
  accepts: ['run', 'token', 'block'],
  of: 'run',
  compares: false,
  thumbnail: HiddenThumbnail,
  empty: 'How the vectors of tokens change appears',
  help: () => help,
  title: ({ model }) =>
    model === null ? 'Contextual embeddings' : `Contextual embeddings · ${model}`,
  reads: ['over'],
  component: HiddenView,
  tools: MapLook
}
