import type { Activation } from '#common/model/spec.ts'
import type { Asking, Option } from './asking.ts'
import type { FoundMlp } from './mlp.ts'
import type { Module } from './modules.ts'
import { words } from './names.ts'

const activations: readonly Option<Activation>[] = [
  { value: 'gelu', text: 'GELU', note: 'exact; nn.GELU()' },
  { value: 'gelu-tanh', text: 'GELU, tanh form', note: 'GPT-2' },
  { value: 'relu', text: 'ReLU' },
  { value: 'silu', text: 'SiLU', note: 'Swish' },
  { value: 'gelu-quick', text: 'GELU, sigmoid form', note: 'CLIP' },
  { value: 'relu-squared', text: 'ReLU²' },
  { value: 'leaky-relu', text: 'Leaky ReLU' },
  { value: 'tanh', text: 'Tanh' },
  { value: 'sigmoid', text: 'Sigmoid' },
  { value: 'mish', text: 'Mish' },
  { value: 'softplus', text: 'Softplus' },
  { value: 'linear', text: 'None' }
]

/** Asks for the activation of the MLP. */
export function askActivation(asking: Asking, mlp: FoundMlp): Activation {
  const likeliest = likeliestActivation(mlp)
  const [first, rest] = [
    activations.filter(({ value }) => value === likeliest),
    activations.filter(({ value }) => value !== likeliest)
  ]
  return asking.choice(
    {
      id: 'activation',
      label: 'Activation',
      help: 'The function between the two layers of the MLP leaves no trace in the weights.',
      basis: 'open'
    },
    [...first, ...rest]
  )
}

/** What libraries that use such names compute. */
function likeliestActivation(mlp: FoundMlp): Activation {
  if (mlp.kind !== 'plain') return 'silu'
  const name = words(mlp.input.path)
  // PyTorch's own layer and the net.0, net.2 of lectures have ReLU unless told otherwise.
  if (/linear_?1$/.test(name) || /(^|_)(net|seq\w*|ffwd|ff)_\d$/.test(name)) return 'relu'
  return /c_fc$/.test(name) ? 'gelu-tanh' : 'gelu'
}

/** Asks what scores are divided by. */
export function askScale(
  asking: Asking,
  dHead: number,
  dModel: number
): { readonly scale?: number } {
  if (dHead === 1 && dModel === 1) return {}
  const divisor = asking.choice(
    {
      id: 'scale',
      label: 'Scores',
      help: 'What query · key is divided by leaves no trace in the weights.',
      basis: 'assumed'
    },
    [
      { value: 'd_head', text: 'Over √d_head', note: Math.sqrt(dHead).toFixed(2) },
      { value: 'd_model', text: 'Over √d_model', note: Math.sqrt(dModel).toFixed(2) },
      { value: 'one', text: 'As they are' }
    ]
  )
  return divisor === 'd_head' ? {} : { scale: divisor === 'one' ? 1 : dModel ** -0.5 }
}

/** Asks which of two matrices is activated, where names do not say. */
export function askGate(
  asking: Asking,
  { gate, input, sure }: Extract<FoundMlp, { kind: 'gated' }>
): [gate: Module, input: Module] {
  if (sure) return [gate, input]
  const options = [gate, input].map(({ path }) => ({ value: path, text: path }))
  const chosen = asking.choice(
    {
      id: 'gate',
      label: 'Gate',
      help: 'Two matrices lead into the MLP; the gate is the one whose result is activated.',
      basis: 'assumed'
    },
    options
  )
  return chosen === gate.path ? [gate, input] : [input, gate]
}

/** Asks in what order a fused matrix holds queries, keys and values. */
export function askFusedOrder(asking: Asking, { path }: Module): 'concatenated' | 'interleaved' {
  const together = {
    value: 'concatenated',
    text: 'All queries, keys, values',
    note: 'GPT-2, PyTorch'
  } as const
  const byHead = { value: 'interleaved', text: 'Head by head', note: 'GPT-NeoX, BLOOM' } as const
  const neox = /query_key_value/.test(words(path))
  return asking.choice(
    {
      id: 'fused',
      label: 'Order of q, k, v',
      help: `${path} holds queries, keys and values in one matrix.`,
      basis: 'assumed'
    },
    neox ? [byHead, together] : [together, byHead]
  )
}
