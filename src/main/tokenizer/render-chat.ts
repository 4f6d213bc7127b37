import type { ChatRequest, ChatSpan, ChatTurn, RenderedChat } from '#common/model/chat.ts'
import { LamellaError } from '#common/model/errors.ts'
import { firstLetters } from '#common/text/cut-short.ts'
import { invalidFile } from '../files/file-error.ts'
import { takeInHand } from '../files/file-in-hand.ts'
import type { ChatTemplate, ChatTemplates } from './chat-templates.ts'

/** The longest text that is taken from a template, in UTF-16 units. */
const longestRendered = 1_000_000

/** Writes messages as a template has it. */
type Render = (turns: readonly ChatTurn[]) => string

/**
 * A dialogue as a template of the model writes it. The template is walked, never compiled: of this process it has what is
 * handed to it and nothing else. It may take for ever: who calls this limits time and memory.
 * @throws LamellaError `not-found` for a template that the model does not have, `file-invalid` naming its file where it
 *   cannot be read, refuses the dialogue or writes too much
 * @source transformers, `apply_chat_template`
 */
export async function renderChat(
  { templates, specials }: ChatTemplates,
  { turns, template: wanted, generationPrompt }: ChatRequest
): Promise<RenderedChat> {
  const template = chosen(templates, wanted)
  takeInHand(template.source)
  // Most readers are never asked for it.
  const { Template } = await import('@huggingface/jinja')
  const read = attempt(template, 'cannot be read', unread, () => new Template(template.text))
  const render: Render = messages => {
    const text = attempt(template, 'does not render this dialogue', unrendered, () =>
      read.render({
        ...specials,
        messages,
        tools: null,
        documents: null,
        add_generation_prompt: generationPrompt
      })
    )
    if (text.length > longestRendered)
      throw invalidFile(
        template.source,
        `the chat template writes ${text.length} characters, of which ${longestRendered} are the most`,
        'Give a shorter dialogue, or another template.'
      )
    return text
  }
  const text = render(turns)
  return {
    text,
    template: template.name,
    templates: templates.map(({ name }) => name),
    source: template.source,
    spans: contentSpans(text, turns, render)
  }
}

function chosen(templates: readonly ChatTemplate[], wanted: string | null): ChatTemplate {
  const found = wanted === null ? templates[0] : templates.find(({ name }) => name === wanted)
  if (found !== undefined) return found
  const names = templates.map(({ name }) => name).join(', ')
  throw new LamellaError(
    'not-found',
    `The model has no chat template ${JSON.stringify(wanted)}`,
    `It has ${names}.`
  )
}

const unread = 'Mend it there, or choose another template of the model, if it has one.'
const unrendered =
  'Its roles may have to come in another order; another template of the model may take them.'

function attempt<R>({ source }: ChatTemplate, what: string, next: string, action: () => R): R {
  try {
    return action()
  } catch (thrown) {
    const { message } = thrown instanceof Error ? thrown : { message: String(thrown) }
    const cause = thrown instanceof RangeError ? rangeCause(message) : firstLetters(message, 300)
    throw invalidFile(source, `the chat template ${what}: ${cause}`, next)
  }
}

function rangeCause(message: string): string {
  return message.includes('call stack') ? 'it goes too deep' : 'what it makes is too long'
}

/**
 * Where the contents of turns stand. The dialogue is rendered once more with a mark in the place of each content: what then
 * stands between the marks has to stand between the contents, too, as given or with white space taken off their ends.
 * @returns null where it does not, so that nothing is guessed
 */
function contentSpans(text: string, turns: readonly ChatTurn[], render: Render): ChatSpan[] | null {
  const marked = marksOf(turns, render)
  if (marked === null) return null
  const { frames, order } = marked
  const spans: ChatSpan[] = []
  if (!text.startsWith(frames[0]!)) return null
  let at = frames[0]!.length
  for (const [i, turn] of order.entries()) {
    const frame = frames[i + 1]!
    const content = formsOf(turns[turn]!.content).find(form => {
      return text.startsWith(form, at) && text.startsWith(frame, at + form.length)
    })
    if (content === undefined) return null
    spans.push({ turn, start: at, end: at + content.length })
    at += content.length + frame.length
  }
  return at === text.length ? spans : null
}

/** What a template puts around contents, and the turns whose contents it puts there; null where marks do not go through. */
function marksOf(
  turns: readonly ChatTurn[],
  render: Render
): { readonly frames: readonly string[]; readonly order: readonly number[] } | null {
  const mark = (turn: number) => `\u{f0000}${turn}\u{f0001}`
  try {
    const text = render(turns.map(({ role }, turn) => ({ role, content: mark(turn) })))
    const parts = text.split(/\u{f0000}(\d+)\u{f0001}/u)
    return {
      frames: parts.filter((_, i) => i % 2 === 0),
      order: parts.filter((_, i) => i % 2 === 1).map(Number)
    }
  } catch {
    // A template may look into what is said.
    return null
  }
}

function formsOf(content: string): string[] {
  return [content, content.trimStart(), content.trimEnd(), content.trim()]
}
