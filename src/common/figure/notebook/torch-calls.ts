import type { Provenance } from '../provenance.ts'
import { pythonText } from './python.ts'

type Params = Readonly<Record<string, unknown>>

/** What PyTorch computes in its place, by the name of a view: `attentions` is [layer, head, query, key]. */
const calls: Readonly<Record<string, (params: Params) => string>> = {
  attention: ({ layer, head }) => compared(`attentions[${Number(layer)}, ${Number(head)}]`),

  aggregate({ how = 'mean', heads = null, layers = null }) {
    const chosen = Array.isArray(heads)
      ? `torch.stack([attentions[layer, head] for layer, head in ${JSON.stringify(heads)}])`
      : Array.isArray(layers)
        ? `attentions[${JSON.stringify(layers)}].flatten(0, 1)`
        : 'attentions.flatten(0, 1)'
    const together = how === 'max' ? 'amax' : how === 'min' ? 'amin' : 'mean'
    return compared(`${chosen}.${together}(0)`)
  },

  rollout: ({ layer }) => `size = attentions.shape[-1]
rolled = torch.eye(size)
for block in attentions[: ${Number(layer)} + 1].mean(1):
    mixed = block + torch.eye(size)
    rolled = mixed / mixed.sum(-1, keepdim=True) @ rolled
${compared('rolled')}`
}

/**
 * Python that asks PyTorch for the same of a model that transformers can load; null of what is of the weights alone.
 * @param from of one run
 */
export function torchCalls({ of, less, again }: Provenance): string | null {
  if (of.input === null) return null
  const ids =
    'ids' in of.input
      ? `torch.tensor([${JSON.stringify(of.input.ids)}])`
      : `AutoTokenizer.from_pretrained(FOLDER)(${pythonText(of.input.text)}, return_tensors="pt").input_ids`
  const edited =
    of.edits.length === 0
      ? ''
      : '# The run was edited (see above): without the same hooks these are the values of the model as it is.\n'
  const view = 'view' in again ? again : null
  const isWhole = view?.params['first_token'] !== 'hidden' && less === null
  // What a session says of its figures a stranger may have written: no other thing's name is a view's, and its params are numbers.
  const isKnown = view !== null && isWhole && Object.hasOwn(calls, view.view)
  const own = isKnown && areNumbers(view.params) ? calls[view.view]!(view.params) : undefined
  return `import torch
from transformers import AutoModel, AutoTokenizer

FOLDER = ${pythonText(of.model)}  # where the model lies
${edited}ids = ${ids}
model = AutoModel.from_pretrained(FOLDER, attn_implementation="eager").eval()
with torch.no_grad():
    out = model(ids, output_attentions=True, output_hidden_states=True)
attentions = torch.stack([block[0].float() for block in out.attentions])
hidden_states = torch.stack([state[0].float() for state in out.hidden_states])
${own ?? 'print(attentions.shape, hidden_states.shape)'}`
}

/** Whether what names layers and heads is whole numbers, and lists of them. */
function areNumbers({ layer, head, heads, layers }: Params): boolean {
  const isNumber = (value: unknown): boolean =>
    value === null || value === undefined || Number.isInteger(value)
  return [layer, head, heads, layers].flat(2).every(isNumber)
}

/** Says by how much the first variable over queries and keys differs. */
function compared(values: string): string {
  return `values = (${values}).numpy()
name = next(name for name in along if list(along[name]) == ["query", "key"])
print("largest difference:", np.nanmax(np.abs(values - data[name])))`
}
