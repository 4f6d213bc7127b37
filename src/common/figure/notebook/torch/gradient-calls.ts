import { z } from 'zod'
import { Masked } from '../../../analysis/masked-labels.ts'
import { pathRules, type PathRule } from '../../../analysis/saliency/path-steps.ts'
import { saliencyMethods } from '../../../analysis/saliency/saliency-methods.ts'
import { targetOfText, targetText } from '../../../model/target-text.ts'
import { lossOf } from './logit-calls.ts'
import { Index, torchCall, type TorchCall } from './torch-call.ts'

const Steps = z.int().min(1).max(4096).default(64)
const Rule = z.enum(pathRules).default('midpoint')
const Baseline = z
  .string()
  .regex(/^(zero|mean|token:\d{1,9})$/)
  .default('zero')
const Method = z.enum(saliencyMethods).default('grad_x_input')

const Params = z.object({
  of: z.string().regex(targetText).default('loss'),
  masked: Masked,
  /** A text is shaded by what its bars show. */
  form: z
    .enum(['bars', 'text', 'heads', 'head'])
    .default('bars')
    .transform(form => (form === 'text' ? 'bars' : form)),
  layer: Index.default(0),
  head: Index.default(0),
  method: Method,
  steps: z.int().min(0).max(4096).default(64),
  rule: Rule,
  baseline: Baseline,
  /** Of the analysis, which the figure asks for by its form and method. */
  inside: z.boolean().optional(),
  occlusion: z.boolean().nullish()
})

const MapParams = z.object({
  of: z.string().regex(/^(logit|probability):(top|next|\d{1,9})$/),
  method: Method,
  steps: Steps,
  rule: Rule,
  baseline: Baseline
})

/** The view, whose map is an analysis of its own. */
export const saliencyView: TorchCall = {
  start: 'logits',
  python: given =>
    (z.object({ form: z.literal('map') }).safeParse(given).success
      ? saliencyMap
      : shownNumber
    ).python(given)
}

/** The analysis: all that it gives. */
export const saliencyNumbers = torchCall(
  'logits',
  Params.omit({ form: true }).extend({ inside: z.boolean().default(true) }),
  params => numberPython({ ...params, form: 'bars' })
)

const shownNumber = torchCall('logits', Params, numberPython)

/** Gradients of a number by the embeddings of tokens and by patterns. */
function numberPython(params: z.output<typeof Params>): string {
  const { of, masked, form, method, steps, rule, baseline, inside, occlusion } = params
  const parts = [
    `embedding = model.get_input_embeddings()
x = embedding(ids).detach()

def number(logits):
    return ${numberOf(of, masked)}

def value(x, **more):
    out = model(inputs_embeds=x, **more)
    return number(out.logits.reshape(-1, out.logits.shape[-1])), out

def gradient(x):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(value(x)[0], x)[0]`
  ]
  if (form === 'bars')
    parts.push(`with torch.no_grad():
    f = value(x)[0]
grad = gradient(x)
compare(f, "value")
compare(x[0], "x")
compare(grad[0], "grad")
compare(grad.norm(dim=-1)[0], "saliency")
compare((x * grad).sum(-1)[0], "grad_x_input")`)
  if (form === 'bars' && steps > 0 && (method === 'ig' || inside !== undefined))
    parts.push(`if "ig" in data:
    start = ${startOf(baseline)}
    mean = sum(weight * gradient(start + alpha * (x - start)) for alpha, weight in ${pathOf(rule, steps)})
    compare(((x - start) * mean).sum(-1)[0], "ig")`)
  if (form === 'bars' && (method === 'occlusion' || (inside !== undefined && occlusion !== false)))
    parts.push(`if "occlusion" in data:
    without = []
    for place in range(x.shape[1]):
        other = x.clone()
        other[0, place] = 0
        with torch.no_grad():
            without.append(f - value(other)[0])
    compare(torch.stack(without), "occlusion")`)
  if (form === 'bars' && method === 'smooth_saliency')
    parts.push(
      'print("smooth_saliency: not compared, for the noise of SmoothGrad is drawn by another generator")'
    )
  if (form === 'bars' && method === 'leave_one_out')
    parts.push(
      'print("leave_one_out: not compared, for to leave a token out of attention alone takes a mask of each layer")'
    )
  if (form !== 'bars' || inside === true) parts.push(patternGradients(params))
  return parts.join('\n')
}

function patternGradients({ form, layer, head }: z.output<typeof Params>): string {
  const gradients = `f, run = value(x, output_attentions=True)
# Of the weights as values are multiplied by them, every entry free.
A = torch.stack([block[0] for block in run.attentions]).detach()
dA = torch.stack([own[0] for own in torch.autograd.grad(f, run.attentions)])`
  if (form === 'head')
    return `${gradients}
compare(dA[${layer}, ${head}], "pattern_grad")
compare((A * dA)[${layer}, ${head}], "attention_x_gradient")`
  return `${gradients}
by_head = (A * dA).sum((-2, -1))
if "pattern_grad" in data:
    compare(dA, "pattern_grad")
compare(by_head, "attention_x_gradient")
# The output of a head is linear in its weights: its own output × gradient is the same.
compare(by_head, "head_x_gradient")`
}

/** How the number at each position depends on each token. */
export const saliencyMap = torchCall(
  'logits',
  MapParams,
  ({ of, method, steps, rule, baseline }) => {
    const [kind, which] = of.split(':')
    const rows = kind === 'probability' ? 'logits.softmax(-1)' : 'logits'
    const tokens =
      which === 'top'
        ? 'logits.argmax(-1)'
        : which === 'next'
          ? 'ids[0, 1:]'
          : `torch.full((ids.shape[1],), ${which})`
    const maps: Readonly<Record<typeof method, string | null>> = {
      saliency: 'gradients(x).norm(dim=-1)',
      grad_x_input: '(x[0] * gradients(x)).sum(-1)',
      ig: `((x - start)[0] * sum(weight * gradients(start + alpha * (x - start)) for alpha, weight in ${pathOf(rule, steps)})).sum(-1)`,
      occlusion: 'torch.stack([f - occluded(place) for place in range(x.shape[1])], -1)',
      smooth_saliency: null,
      leave_one_out: null
    }
    const map = maps[method]
    if (map === null)
      return {
        without:
          method === 'smooth_saliency'
            ? 'the noise of SmoothGrad is drawn by another generator'
            : 'to leave a token out of attention alone takes a mask of each layer'
      }
    return `embedding = model.get_input_embeddings()
x = embedding(ids).detach()
tokens = ${tokens}

def values(x):
    logits = model(inputs_embeds=x).logits[0]
    return ${rows}[: len(tokens)].gather(-1, tokens[:, None])[:, 0]

def gradients(x):
    """[query, key, dim]"""
    x = x.detach().requires_grad_()
    return torch.stack([torch.autograd.grad(own, x, retain_graph=True)[0][0] for own in values(x)])

def occluded(place):
    other = x.clone()
    other[0, place] = 0
    with torch.no_grad():
        return values(other)

def each(rows):
    # Where there is no token to ask for there is no number.
    missing = torch.full((ids.shape[1] - len(rows), *rows.shape[1:]), torch.nan)
    return torch.cat([rows, missing])

start = ${startOf(baseline)}
with torch.no_grad():
    f = values(x)
compare(each(f), "value")
compare(each(${map}), "map")`
  }
)

function numberOf(of: string, masked: string | null): string {
  const target = targetOfText(of)
  if (target.kind === 'loss') return lossOf(masked)
  const { position, token } = target
  if (target.kind === 'probability') return `logits[${position}].softmax(-1)[${token}]`
  const own = `logits[${position}, ${token}]`
  return target.kind === 'logit' ? own : `${own} - logits[${position}, ${target.other}]`
}

/** The points between 0 and 1, with their weights. */
function pathOf(rule: PathRule, steps: number): string {
  if (rule === 'trapezoid')
    return `[(k / ${steps}, (0.5 if k in (0, ${steps}) else 1) / ${steps}) for k in range(${steps + 1})]`
  const offset = { midpoint: 0.5, left: 0, right: 1 }[rule]
  return `[((k + ${offset}) / ${steps}, 1 / ${steps}) for k in range(${steps})]`
}

function startOf(baseline: string): string {
  if (baseline === 'zero') return 'torch.zeros_like(x)'
  if (baseline === 'mean')
    return 'embedding(torch.arange(embedding.num_embeddings)).detach().mean(0).expand_as(x)'
  return `embedding(torch.full_like(ids, ${Number(baseline.slice('token:'.length))})).detach()`
}
