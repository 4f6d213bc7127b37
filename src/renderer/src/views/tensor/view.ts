import { Grid2x2 } from '@lucide/vue'
import { visibleText } from '#common/text/visible-text.ts'
import MapLook from '../../ui/MapLook.vue'
import type { View } from '../view.ts'
import { help } from './help.ts'
import { TensorOptions } from './tensor-options.ts'
import TensorThumbnail from './TensorThumbnail.vue'
import TensorView from './TensorView.vue'

/**
 * One tensor as it is stored. Two stand beside each other with one range of colours: how far tensors of two checkpoints are from
 * one another is for another view to say.
 */
export const tensorView: View = {
  type: 'tensor',
  icon: Grid2x2,
  name: 'Tensor',
  group: 'Weights',
  question: 'What are the weights of one tensor like?',
  words: 'weight matrix heat map singular values SVD spectrum histogram',
  accepts: ['tensor', 'model'],
  of: 'model',
  compares: false,
  thumbnail: TensorThumbnail,
  empty: 'The weights of a tensor appear',
  help: () => help,
  title({ model, tensor, options }) {
    const chosen = TensorOptions.parse(options).tensor ?? tensor
    const name = chosen === null ? 'Tensor' : visibleText(chosen)
    return model === null ? name : `${name} · ${model}`
  },
  component: TensorView,
  tools: MapLook
}
