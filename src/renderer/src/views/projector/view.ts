import { ChartScatter } from '@lucide/vue'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import ProjectorThumbnail from './ProjectorThumbnail.vue'
import ProjectorView from './ProjectorView.vue'

/** Vectors as points: places of two models are in spaces of their own, and stand beside each other with a scale each. */
export const projectorView: View = {
  type: 'projector',
  icon: ChartScatter,
  name: 'Projector',
  group: 'Tokens and embeddings',
  question: 'Which tokens, positions, neurons or heads are alike?',
  words: 'PCA t-SNE UMAP scatter embedding projector 3-D',
  accepts: ['model', 'run', 'token'],
  of: 'model',
  compares: false,
  thumbnail: ProjectorThumbnail,
  empty: 'Vectors of a model appear as points',
  help: () => help,
  title: ({ model }) => (model === null ? 'Projector' : `Projector · ${model}`),
  reads: ['texts', 'frequencyOf'],
  component: ProjectorView,
  tools: MapLook
}
