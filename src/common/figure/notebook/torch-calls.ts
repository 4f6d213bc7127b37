import { z } from 'zod'
import type { Provenance } from '../provenance.ts'
import { pythonText } from './python.ts'

const Index = z.int().min(0)

/** What PyTorch computes in its place, by the name of a view: `attentions` is [layer, head, query, key]. */
const calls: Readonly<Record<string, (params: unknown) => string | null>> = {
  attention: call(z.object({ layer: Index, head: Index }), ({ layer, head }) =>
    compared(`attentions[${layer}, ${head}]`)
  ),

  aggregate: call(
    z.object({
      how: z.unknown(),
      heads: z.array(z.tuple([Index, Index])).nullish(),
      layers: z.array(Index).nullish()
    }),
    ({ how, heads, layers }) => {
      const chosen = heads
        ? `torch.stack([attentions[layer, head] for layer, head in ${JSON.stringify(heads)}])`
        : layers
          ? `attentions[${JSON.stringify(layers)}].flatten(0, 1)`
          : 'attentions.flatten(0, 1)'
      const together = how === 'max' ? 'amax' : how === 'min' ? 'amin' : 'mean'
      return compared(`${chosen}.${together}(0)`)
    }
  ),

  rollout: call(
    z.object({ layer: Index }),
    ({ layer }) => `size = attentions.shape[-1]
rolled = torch.eye(size)
for block in attentions[: ${layer} + 1].mean(1):
    mixed = block + torch.eye(size)
    rolled = mixed / mixed.sum(-1, keepdim=True) @ rolled
${compared('rolled')}`
  )
}

/** What a session says of its figures a stranger may have written: of params that are not a view's nothing is written. */
function call<P>(params: z.ZodType<P>, python: (params: P) => string) {
  return (given: unknown): string | null => {
    const { data } = params.safeParse(given)
    return data === undefined ? null : python(data)
  }
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
  const isKnown = view !== null && isWhole && Object.hasOwn(calls, view.view)
  const own = isKnown ? calls[view.view]!(view.params) : null
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

/** Says by how much the first variable over queries and keys differs. */
function compared(values: string): string {
  return `values = (${values}).numpy()
name = next(name for name in along if list(along[name]) == ["query", "key"])
print("largest difference:", np.nanmax(np.abs(values - data[name])))`
}
