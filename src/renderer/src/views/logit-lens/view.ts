import { TableProperties } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import LensThumbnail from './LensThumbnail.vue'
import LogitLensView from './LogitLensView.vue'

/** What each layer would say of the next token. */
export const logitLensView: View = {
  type: 'logit-lens',
  icon: TableProperties,
  name: 'Logit lens',
  group: 'Activations and predictions',
  question: 'At which layer does the model know its answer?',
  words: 'unembed early layers KL rank',
  accepts: ['run', 'token', 'block'],
  of: 'run',
  // Two grids stand side by side, with one range: what differs is told cell by cell, by words no colour can subtract.
  compares: false,
  thumbnail: LensThumbnail,
  empty: 'What each layer would say appears',
  help: () => help,
  title: ({ model }) => (model === null ? 'Logit lens' : `Logit lens · ${model}`),
  component: LogitLensView,
  tools: MapLook
}
