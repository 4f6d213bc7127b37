import type { Activation } from '#common/model/spec.ts'

/**
 * Activations under the names config.json gives them.
 * @source transformers, `activations.ACT2FN`
 */
export const activationNames: Readonly<Record<string, Activation>> = {
  gelu: 'gelu',
  gelu_10: 'gelu-clipped',
  gelu_accurate: 'gelu-tanh',
  gelu_fast: 'gelu-tanh',
  gelu_new: 'gelu-tanh',
  gelu_python: 'gelu',
  gelu_python_tanh: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  hardsigmoid: 'hard-sigmoid',
  hardswish: 'hard-swish',
  laplace: 'laplace',
  leaky_relu: 'leaky-relu',
  linear: 'linear',
  mish: 'mish',
  quick_gelu: 'gelu-quick',
  relu: 'relu',
  relu2: 'relu-squared',
  relu6: 'relu6',
  sigmoid: 'sigmoid',
  silu: 'silu',
  softplus: 'softplus',
  swish: 'silu',
  tanh: 'tanh'
}
