import { z } from 'zod'
import { whyPlaces } from '../../../analysis/why/why-place.ts'
import { Masked, maskedPairs } from '../../../analysis/masked-labels.ts'
import { pythonList, plainTorchCall, torchCall } from './torch-call.ts'
import { streams } from './stream-calls.ts'

const target = /^\d{1,9}:\d{1,9}(-\d{1,9})?$/

/** How the model holds each token: what follows is what a decoder tells, of a masked model what stands there. */
export const tokenPredictions = torchCall(
  'logits',
  z.object({ masked: Masked }),
  ({ masked }) => `ahead = 0 if "MaskedLM" in type(model).__name__ else 1
tokens = ids[0].clone()
${masked === null ? '' : `for position, token in ${pythonList(pairsOf(masked))}:\n    tokens[position] = token\n`}rows, tokens = logits[: len(tokens) - ahead], tokens[ahead:, None]
log_p = rows.log_softmax(-1)
surprisal = -log_p.gather(-1, tokens)[:, 0]

def each(values):
    # The first token is not predicted by a model of next tokens.
    return torch.cat([torch.full((ahead,), torch.nan), values])

compare(each((-surprisal).exp()), "probability")
compare(each(surprisal), "surprisal")
compare(each((rows > rows.gather(-1, tokens)).sum(-1)), "rank")
compare(each(torch.special.entr(log_p.exp()).sum(-1)), "entropy")`
)

/** The most probable tokens at some positions. */
export const topPredictions = plainTorchCall(
  'logits',
  `at, token = index("position") if "position" in data else 0, index("token")
compare(logits[at, token], "logit")
compare(logits.softmax(-1)[at, token], "probability")`
)

export const meanLoss = torchCall(
  'logits',
  z.object({ masked: Masked }),
  ({ masked }) => `loss = ${lossOf(masked)}
compare(loss, "loss")
compare(loss.exp(), "perplexity")`
)

/** Each residual stream in the place of what the last block leaves. */
export const logitLens = torchCall(
  'logits',
  z.object({
    part: z.string().default('resid'),
    parts: z.array(z.string()).nullish()
  }),
  ({ part, parts }) =>
    !(parts ?? [part]).includes('resid')
      ? {
          without:
            'transformers does not give what attention and MLP add to the residual stream, and families name these parts in ways of their own'
        }
      : `${streams}
if not blocks:
    raise NotCompared("of blocks that share their weights the last alone is not to be hooked")

def lens(stream):
    """The logits where the last block leaves this stream: what follows it is the model's own final norm and unembedding."""
    def instead(module, given, left):
        return (stream[None], *left[1:]) if isinstance(left, tuple) else stream[None]
    handle = blocks[-1].register_forward_hook(instead)
    try:
        with torch.no_grad():
            own = model(ids).logits.float()
            return own.reshape(-1, own.shape[-1])
    finally:
        handle.remove()

at = index("position") if "position" in data else torch.arange(ids.shape[1])
rows = torch.stack([lens(stream) for stream in streams])[:, at]
log_p, final = rows.log_softmax(-1), logits[at].log_softmax(-1)
entr = torch.special.entr
compare((final.exp() * (final - log_p)).sum(-1), "kl_final_lens")
compare((log_p.exp() * (log_p - final)).sum(-1), "kl_lens_final")
compare(entr(log_p.exp()).sum(-1), "entropy")
compare(entr(final.exp()).sum(-1), "prediction_entropy")
compare(log_p.exp().topk(data["top_prob"].shape[-1]).values, "top_prob")
if "next_prob" in data:
    # Where there is a next token.
    has = at + 1 < ids.shape[1]
    following = ids[0, at[has] + 1]
    asked = following.expand(len(rows), -1)[..., None]
    compare(-final[has].gather(-1, following[:, None])[:, 0], "surprisal")
    compare(log_p[:, has].gather(-1, asked)[..., 0].exp(), "next_prob")
    compare((rows[:, has] > rows[:, has].gather(-1, asked)).sum(-1), "next_rank")
if "asked_token" in data:
    asked = index("asked_token")
    compare(rows[..., asked], "token_logit")
    compare(log_p[..., asked].exp(), "token_prob")
    compare(torch.stack([(rows > rows[..., [token]]).sum(-1) for token in asked], -1), "token_rank")
if "norm.resid" in data:
    compare(streams[:, at].norm(dim=-1), "norm.resid")`
)

/** The logit that parts are added up to. */
export const attributedLogit = torchCall(
  'logits',
  z.object({ at: z.string().regex(target).nullish(), targets: z.string().nullish() }),
  ({ at, targets }) => {
    const asked = (at ?? targets ?? '').split(',')
    if (!asked.every(one => target.test(one))) return { without: 'its targets are not known' }
    const single = asked.map(one => !one.includes('-'))
    return `# What the parts add up to. What each of them gives takes their outputs, which transformers does not give, and families name
# these parts in ways of their own.
log_p = logits.log_softmax(-1)
single = torch.tensor(${pythonList(single.map(Number))}) == 1
log_p = torch.where(single, ${stackOf(asked, 'log_p')}, torch.nan)
compare(log_p, "dla.log_probability")
${uncapped}
logit = ${stackOf(asked)}
compare(logit, "dla.logit")
compare(logit - log_p, "dla.normaliser")`
  }
)

/** The difference of two logits that parts are added up to. */
export const whyDifference = torchCall(
  'logits',
  z.object({ at: z.string().regex(whyPlaces) }),
  ({ at }) => {
    if (at.includes(',')) return { without: 'it is the mean over several texts' }
    return `# What the parts add up to. What each of them gives takes their outputs, which transformers does not give, and families name
# these parts in ways of their own.
${uncapped}
value = ${difference(at.replace('last', '-1'))}
if "sum" in data:
    differ("sum, the last", value, data["sum"][-1])
elif "difference" in data:
    compare(value, "difference")
else:
    print(f"the difference is {value:.6g} here, and not in the data")`
  }
)

/** @param at such as `7:12` or `7:12-5` */
function difference(at: string, rows = 'logits'): string {
  const [position = '', tokens = ''] = at.split(':')
  return tokens
    .split('-')
    .map(token => `${rows}[${position}, ${token}]`)
    .join(' - ')
}

function stackOf(targets: readonly string[], rows?: string): string {
  return `torch.stack([${targets.map(at => difference(at, rows)).join(', ')}])`
}

/** What parts add up to is before a soft cap. */
const uncapped = `cap = getattr(model.config, "final_logit_softcapping", None)
if cap:
    # As they were before they were capped.
    logits = cap * torch.atanh(logits.double() / cap)`

/** The mean cross-entropy, in nats. @param masked as the params have it */
export function lossOf(masked: string | null, logits = 'logits'): string {
  if (masked === null) return `torch.nn.functional.cross_entropy(${logits}[:-1], ids[0, 1:])`
  const pairs = pairsOf(masked)
  const [places, tokens] = [0, 1].map(i => pythonList(pairs.map(one => one[i])))
  return `torch.nn.functional.cross_entropy(${logits}[${places}], torch.tensor(${tokens}))`
}

function pairsOf(masked: string): number[][] {
  return maskedPairs(masked).map(({ position, token }) => [position, token])
}
