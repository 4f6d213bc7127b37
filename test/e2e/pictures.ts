/**
 * `npm run pictures`: starts the built window with the sample models in a real browser and makes a picture of every
 * view and dialog, in light and dark and in three widths, into `pictures/`. Whoever changes the window looks at them.
 *
 *     npm run pictures -- [--only NAME] [--widths 640,1024,1600] [--themes light,dark]
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { hebrew, projectRoot } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { longModel, longText } from './long-model.ts'
import { openModel, openPath } from './open-path.ts'
import { serveWindow } from './served-window.ts'
import { sharedChromium } from '../contract/chromium.ts'

const heights: Readonly<Record<string, number>> = { '640': 800, '1024': 768, '1600': 1000 }
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    widths: { type: 'string', default: Object.keys(heights).join() },
    themes: { type: 'string', default: 'light,dark' }
  }
})
const widths = values.widths.split(',').map(Number)
const themes = values.themes.split(',') as ('light' | 'dark')[]
const folder = join(projectRoot, 'pictures')

/** What is done to the window before its picture is made; each goes on from the one before. */
interface Scene {
  readonly name: string
  readonly show: (page: Page) => Promise<unknown>
  /** Puts away what the next scene is not to have. */
  readonly leave?: (page: Page) => Promise<unknown>
  /** Another width puts it away: it is shown, and left, for each picture. */
  readonly anew?: true
}

const scenes: readonly Scene[] = [
  { name: 'first-start', show: page => mapOf(page, 81) },
  {
    name: 'models',
    show: page => page.keyboard.press('Control+b'),
    leave: page => page.keyboard.press('Control+b'),
    anew: true
  },
  {
    name: 'views',
    show: page => runCommand(page, 'find a view'),
    leave: page => press(page, 'Hide the views'),
    anew: true
  },
  {
    name: 'texts',
    show: page => runCommand(page, 'find a text'),
    leave: page => press(page, 'Hide the texts'),
    anew: true
  },
  { name: 'palette', show: page => page.keyboard.press('Control+k'), leave: escape },
  { name: 'open', show: page => page.keyboard.press('Control+o'), leave: escape },
  { name: 'headvis', show: page => runCommand(page, 'write a headvis'), leave: escape },
  { name: 'keys', show: page => runCommand(page, 'list of keys'), leave: escape },
  { name: 'memory', show: page => runCommand(page, 'memory'), leave: escape },
  { name: 'layouts', show: page => press(page, 'Open a view'), leave: escape, anew: true },
  {
    name: 'two-groups',
    show: page => runCommand(page, 'layout: compare two models'),
    leave: page => page.keyboard.press('Control+z')
  },
  {
    name: 'session-changed',
    async show(page) {
      await saveAs(page, 'Heads that look back')
      await page.getByRole('tab', { name: 'Attention' }).click()
      await page.keyboard.press('Alt+w')
    }
  },
  {
    name: 'session-menu',
    show: page => page.getByRole('button', { name: /^Session: / }).click(),
    leave: escape,
    anew: true
  },
  {
    name: 'no-tabs-sessions',
    async show(page) {
      await runCommand(page, 'close the tab')
      await page.getByText('No tab is open').waitFor()
    }
  },
  {
    name: 'notes',
    async show(page) {
      for (let i = 0; i < 2; i++) await page.keyboard.press('Control+z')
      await runCommand(page, 'add a note to the tab')
      const field = page.getByRole('textbox', { name: 'Note' })
      await field.fill(
        'Heads of block **1** look back:\n\n- `1.2` copies, see [the paper](https://example.org)\n- כאן כתוב בעברית'
      )
      await field.press('Escape')
      await runCommand(page, 'add a note to the session')
      await page.getByRole('textbox', { name: 'Note' }).fill('> To be shown on Monday')
      await page.getByRole('textbox', { name: 'Note' }).press('Escape')
    }
  },
  {
    name: 'findings-explorer',
    show: page => runCommand(page, 'find a note'),
    leave: page => press(page, 'Hide the findings'),
    anew: true
  },
  {
    name: 'notes-view',
    async show(page) {
      await runCommand(page, 'show notes')
      await page.getByRole('searchbox', { name: 'Find a note' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  { name: 'unsaved', show: page => runCommand(page, 'new session'), leave: escape },
  {
    name: 'save',
    show: page => page.keyboard.press('Control+Shift+s'),
    async leave(page) {
      await escape(page)
      for (let i = 0; i < 2; i++) await page.keyboard.press('Control+z')
    }
  },
  { name: 'look', show: page => press(page, 'Look'), leave: escape, anew: true },
  {
    name: 'heads-by-score',
    show: page => order(page, 'By induction'),
    leave: page => order(page, 'By place')
  },
  {
    name: 'first-token-hidden',
    show: page => look(page, 'Hidden'),
    leave: page => look(page, 'Shown')
  },
  { name: 'export', show: page => press(page, 'Export'), leave: escape },
  {
    name: 'for-a-paper',
    show: async page => {
      await press(page, 'Export')
      await page.getByRole('menuitem', { name: 'For a paper' }).click()
      await page.getByRole('dialog').getByRole('img').waitFor()
    },
    leave: escape
  },
  {
    name: 'figure',
    async show(page) {
      await addToFigure(page, 'New figure')
      await runCommand(page, 'show overview')
      await page.getByRole('heading', { name: 'shakespeare-char', level: 1 }).waitFor()
      await addToFigure(page, 'Figure 1')
      await page
        .getByRole('status', { name: 'Saved' })
        .getByRole('button', { name: 'Show' })
        .click()
      await page.getByRole('region', { name: 'Page' }).getByRole('img').waitFor()
      await page.getByRole('button', { name: /^Panel \(b\)/ }).click()
    },
    async leave(page) {
      await page.keyboard.press('Alt+w')
      await runCommand(page, 'show attention')
    }
  },
  { name: 'about', show: page => press(page, 'About'), leave: page => press(page, 'About') },
  { name: 'head', show: page => press(page, / in a tab$/) },
  {
    name: 'query-key',
    async show(page) {
      await runCommand(page, 'show query')
      await page.getByRole('application', { name: 'Keys of query' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'row-and-column',
    show: page => press(page, 'Row and column as bars'),
    leave: page => press(page, 'Row and column as bars')
  },
  {
    name: 'aggregate',
    async show(page) {
      await runCommand(page, 'show aggregate')
      await page.getByRole('button', { name: /^Compared with:/ }).press('Enter')
      await page.getByRole('menuitemradio', { name: 'This block' }).click()
      await mapOf(page, 81)
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  { name: 'zoomed', show: page => zoomed(page, 6), leave: page => page.keyboard.press('0') },
  {
    name: 'attention-text',
    show: page => runCommand(page, 'show text'),
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'attention-lines',
    async show(page) {
      await runCommand(page, 'show lines')
      await press(page, 'All heads')
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'attention-model',
    show: page => runCommand(page, 'show model view'),
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'text-difference',
    async show(page) {
      await runCommand(page, 'show text')
      await page.getByRole('tab', { selected: true }).click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Compare with another text…' }).click()
      const other = 'First Citizen: Before we proceed much further, hear us sing. All: Sing, sing'
      await page.getByRole('combobox').last().fill(other.padEnd(81, '.'))
      await page.keyboard.press('Enter')
      await page.getByRole('radio', { name: 'Difference' }).click()
      await page.getByRole('listbox', { name: /^Text shaded by the difference/ }).waitFor()
    },
    async leave(page) {
      await page.getByRole('radio', { name: 'Side by side' }).click()
      await page.keyboard.press('Alt+w')
    }
  },
  {
    name: 'tensor',
    async show(page) {
      await runCommand(page, '@h.1.attn.c_attn.weight')
      await page.getByRole('application', { name: /^Weights of/ }).waitFor()
    }
  },
  {
    name: 'tensor-part',
    async show(page) {
      await page.getByRole('textbox', { name: 'Part' }).fill('60:72, 180:200')
      await page.keyboard.press('Enter')
    }
  },
  { name: 'tensor-numbers', show: page => page.getByRole('radio', { name: 'Numbers' }).click() },
  {
    name: 'tensor-spectrum',
    show: page => page.getByRole('radio', { name: 'Spectrum' }).click(),
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'weights-by-layer',
    show: page => runCommand(page, 'show weights by layer'),
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'architecture',
    async show(page) {
      await runCommand(page, 'show architecture')
      await page.getByRole('button', { name: /^W_Q W_K W_V/ }).click()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'health',
    async show(page) {
      await runCommand(page, 'show health check')
      await page.getByRole('heading', { name: 'Nothing was found' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'circuits',
    async show(page) {
      await runCommand(page, 'show circuits')
      await page.getByRole('region', { name: 'Over the vocabulary' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'checkpoints',
    async show(page) {
      await runCommand(page, 'show two checkpoints')
      await page.getByRole('button', { name: 'Open another…' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'timeline',
    async show(page) {
      await runCommand(page, 'show timeline')
      await page.getByText('No checkpoints lie around this model').waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'compared',
    async show(page) {
      await runCommand(page, 'show attention')
      await runCommand(page, 'ablate head 0.0')
      await page.getByText('head 0.0 ablated').filter({ visible: true }).first().waitFor()
      await page.keyboard.press(']')
      await runCommand(page, 'compare with the unedited run')
    }
  },
  {
    name: 'difference',
    show: page => page.getByRole('radio', { name: 'Difference' }).click(),
    async leave(page) {
      await page.getByRole('radio', { name: 'Side by side' }).click()
      await page.keyboard.press('Alt+w')
      await press(page, 'Edits: 1')
      await press(page, 'Remove all')
      await escape(page)
    }
  },
  {
    name: 'atlas',
    async show(page) {
      await runCommand(page, 'show head atlas')
      await press(page, /^Length of windows/)
      await page.getByRole('menuitemradio', { name: '8 tokens', exact: true }).click()
      await page.getByText(/hardly a p small enough/).waitFor()
    }
  },
  { name: 'atlas-scatter', show: page => page.getByRole('radio', { name: 'Scatter' }).click() },
  {
    name: 'atlas-table',
    show: page => page.getByRole('radio', { name: 'Table' }).click(),
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'groups-of-heads',
    async show(page) {
      await runCommand(page, 'show head groups')
      await page
        .getByText(/ against /)
        .first()
        .waitFor()
    }
  },
  { name: 'groups-map', show: page => page.getByRole('radio', { name: 'Map' }).click() },
  {
    name: 'groups-matrix',
    show: page => page.getByRole('radio', { name: 'Matrix' }).click(),
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'profile',
    async show(page) {
      await runCommand(page, 'show head profile')
      await page.getByRole('img', { name: /by offset$/ }).waitFor()
      await page
        .getByRole('option', { name: /, query \d+$/ })
        .nth(1)
        .hover()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'models-compared',
    async show(page) {
      await runCommand(page, 'show compare models')
      await press(page, /^Open hebrew/)
      for (const side of ['shakespeare-char', 'hebrew-minigpt']) {
        const reads = page.getByRole('region', { name: `What ${side} reads` })
        await reads.getByRole('button', { name: /^Length of windows/ }).click()
        await page.getByRole('menuitemradio', { name: '8 tokens', exact: true }).click()
      }
      await page.getByText('told apart, the surest first').waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'positions',
    async show(page) {
      await runCommand(page, 'show positions')
      await page.getByRole('radio', { name: 'Beside sinusoidal' }).click()
      await page.getByRole('application', { name: /^Sinusoidal/ }).waitFor()
    }
  },
  {
    name: 'positions-curves',
    show: page => page.getByRole('radio', { name: 'Curves' }).click(),
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'tokens',
    async show(page) {
      await runCommand(page, 'show tokens')
      await page.getByRole('grid', { name: 'Tokens' }).waitFor()
    }
  },
  { name: 'tokens-split', show: page => page.getByRole('radio', { name: 'How it was' }).click() },
  {
    name: 'tokens-compared',
    show: page => page.getByRole('radio', { name: 'Compared' }).click(),
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'vocabulary',
    async show(page) {
      await runCommand(page, 'show vocabulary')
      await page.getByRole('grid', { name: 'Vocabulary' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'words',
    async show(page) {
      await runCommand(page, 'show words')
      await page.getByRole('region', { name: /^Nearest/ }).waitFor()
    }
  },
  {
    name: 'words-list',
    async show(page) {
      await page.getByRole('radio', { name: 'List' }).click()
      await page.getByRole('textbox', { name: 'Words' }).fill('a, e, i, o, u, A, E, the, and')
      await page.keyboard.press('Enter')
      await page.getByRole('img', { name: /^How alike/ }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'projector',
    async show(page) {
      await runCommand(page, 'show projector')
      await page.getByRole('application', { name: 'Tokens: 65 points' }).press('ArrowRight')
    }
  },
  {
    name: 'projector-found',
    async show(page) {
      await page.getByRole('radio', { name: 'UMAP' }).click()
      await page.getByText(/^all 65 · trust/).waitFor()
      await page.getByRole('searchbox', { name: 'Find points' }).fill('s')
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'predictions',
    async show(page) {
      await runCommand(page, 'show predictions')
      await page.getByRole('listbox', { name: /^Text shaded/ }).waitFor()
    }
  },
  {
    name: 'goes-on',
    async show(page) {
      await page.getByRole('radio', { name: 'How it goes on' }).click()
      await press(page, 'Go on with the text')
      const text = page.getByRole('listbox', { name: /^How the text goes on/ })
      await text.focus()
      await text.press('End')
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'logit-lens',
    async show(page) {
      await runCommand(page, 'show logit lens')
      await page.getByRole('application', { name: /^Logit lens/ }).waitFor()
    }
  },
  {
    name: 'logit-lens-rank',
    async show(page) {
      await press(page, /^Colour/)
      await page.getByRole('menuitemradio', { name: 'Rank of a token' }).click()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'hidden-states',
    async show(page) {
      await runCommand(page, 'show contextual embeddings')
      await page.getByRole('img', { name: 'Anisotropy' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'activations',
    async show(page) {
      await runCommand(page, 'show activations')
      await page.getByRole('img', { name: 'Norms by block' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'neurons',
    async show(page) {
      await runCommand(page, 'show neurons')
      await page.getByRole('listbox', { name: 'Contexts' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'direct-attribution',
    async show(page) {
      await runCommand(page, 'show direct logit attribution')
      await page.getByRole('region', { name: 'Layer by layer' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'saliency',
    async show(page) {
      await runCommand(page, 'show saliency')
      await page
        .getByText(/^ρ [−\d]/)
        .nth(4)
        .waitFor()
    }
  },
  {
    name: 'saliency-map',
    async show(page) {
      await page.getByRole('radio', { name: 'Every position' }).click()
      await page.getByRole('application', { name: 'Saliency of every position' }).waitFor()
    }
  },
  {
    name: 'saliency-heads',
    async show(page) {
      await page.getByRole('radio', { name: 'Heads', exact: true }).click()
      await page.getByRole('grid', { name: 'Heads' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'why',
    async show(page) {
      await runCommand(page, 'show why a and not b')
      await page.getByRole('region', { name: 'Strongest parts' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  { name: 'overview', show: page => runCommand(page, 'show overview') },
  {
    name: 'settings',
    show: page => page.keyboard.press('Control+,'),
    leave: page => page.keyboard.press('Alt+w')
  },
  { name: 'refused', show: page => openPath(page, '/proc/version'), leave: escape },
  {
    name: 'hebrew',
    async show(page) {
      await openModel(page, hebrew)
      await runCommand(page, 'show attention')
      await page.getByRole('button', { name: 'hebrew-minigpt' }).first().waitFor()
      await run(page, 'בראשית ברא אלהים את השמים ואת הארץ')
    }
  },
  {
    name: 'attention-text-hebrew',
    async show(page) {
      await runCommand(page, 'show text')
      await page.getByRole('radio', { name: 'Words' }).click()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'projector-hebrew',
    async show(page) {
      await runCommand(page, 'show projector')
      await page.getByRole('application', { name: /^Tokens: \d+ points/ }).press('ArrowRight')
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'predictions-hebrew',
    async show(page) {
      await runCommand(page, 'show predictions')
      await page.getByRole('listbox', { name: /^Text shaded/ }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'logit-lens-hebrew',
    async show(page) {
      await runCommand(page, 'show logit lens')
      await page.getByRole('application', { name: /^Logit lens/ }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'hidden-states-hebrew',
    async show(page) {
      await runCommand(page, 'show contextual embeddings')
      await page.getByRole('img', { name: 'Anisotropy' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'activations-hebrew',
    async show(page) {
      await runCommand(page, 'show activations')
      await page.getByRole('img', { name: 'Norms by block' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'neurons-hebrew',
    async show(page) {
      await runCommand(page, 'show neurons')
      await page.getByRole('listbox', { name: 'Contexts' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'direct-attribution-hebrew',
    async show(page) {
      await runCommand(page, 'show direct logit attribution')
      await page.getByRole('region', { name: 'Layer by layer' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'saliency-hebrew',
    async show(page) {
      await runCommand(page, 'show saliency')
      await page
        .getByText(/^ρ [−\d]/)
        .nth(4)
        .waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'why-hebrew',
    async show(page) {
      await runCommand(page, 'show why a and not b')
      await page.getByRole('region', { name: 'Strongest parts' }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'profile-hebrew',
    async show(page) {
      await runCommand(page, 'show head profile')
      await page.getByRole('img', { name: /by offset$/ }).waitFor()
    },
    leave: page => page.keyboard.press('Alt+w')
  },
  {
    name: 'groups-compared',
    async show(page) {
      await runCommand(page, 'show head groups')
      await page.getByRole('listbox', { name: /^Heads/ }).waitFor()
      await runCommand(page, 'compare with another model')
      const models = page.getByRole('dialog').getByRole('option')
      await models.filter({ hasText: 'shakespeare-char' }).click()
      await page.getByRole('heading', { name: 'shakespeare-char' }).waitFor()
    },
    async leave(page) {
      await page.keyboard.press('Alt+w')
      await page.keyboard.press('Alt+w')
    }
  },
  { name: 'unknown-letters', show: page => type(page, 'בראשית Façade') },
  { name: 'stale', show: page => type(page, 'והארץ היתה תהו ובהו') },
  { name: 'empty', show: page => type(page, '') },
  { name: 'describe', show: page => runCommand(page, 'describe this model'), leave: escape },
  {
    name: 'long',
    async show(page) {
      await openModel(page, longModel())
      await run(page, longText)
      await mapOf(page, 1000)
    }
  },
  { name: 'long-zoomed', show: page => zoomed(page, 14) },
  {
    name: 'too-long',
    show: page => type(page, longText + longText),
    leave: page => type(page, longText)
  },
  { name: 'busy', show: page => busy(page) }
]

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
const served = await serveWindow({}, undefined, false)
try {
  for (const scene of scenes) {
    await served.page.setViewportSize({ width: 1600, height: 1000 })
    if (!scene.anew) await shown(served.page, scene)
    if (scene.name.includes(values.only)) await takePictures(served.page, scene)
    if (!scene.anew) await left(served.page, scene)
  }
} finally {
  for (const complaint of served.complaints) console.error(complaint)
  await served.close()
  await (await sharedChromium()).close()
}

async function shown(page: Page, { show }: Scene): Promise<void> {
  await show(page)
  // What was asked for stands before anything takes it away.
  await page.waitForTimeout(400)
}

async function left(page: Page, { leave }: Scene): Promise<void> {
  await leave?.(page)
  await page.waitForTimeout(200)
}

async function takePictures(page: Page, scene: Scene): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme })
    // In Chromium a size that changes in the same moment leaves some letters in the ink of before.
    await page.waitForTimeout(100)
    for (const width of widths) {
      await page.setViewportSize({ width, height: heights[width] ?? 800 })
      await page.waitForTimeout(300)
      if (scene.anew) await shown(page, scene)
      await page.screenshot({ path: join(folder, `${scene.name}-${width}-${colorScheme}.png`) })
      if (scene.anew) await left(page, scene)
    }
  }
  console.log(scene.name)
}

function mapOf(page: Page, tokens: number): Promise<void> {
  return page
    .getByRole('application', { name: `, ${tokens} tokens` })
    .last()
    .waitFor()
}

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Text' }).fill(text)
  await page.waitForTimeout(500)
}

async function run(page: Page, text: string): Promise<void> {
  await type(page, text)
  await page.getByRole('textbox', { name: 'Text' }).press('Control+Enter')
  await mapOf(page, [...text].length)
}

async function saveAs(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Shift+s')
  const save = page.getByRole('dialog', { name: 'Save the session' })
  await save.getByRole('textbox', { name: 'Name' }).fill(join(folder, name))
  await save.getByRole('button', { name: 'Save', exact: true }).click()
  await save.waitFor({ state: 'detached' })
}

function press(page: Page, name: string | RegExp): Promise<void> {
  return page.getByRole('button', { name, exact: true }).filter({ visible: true }).first().click()
}

/** Adds what the tab in front shows to a figure. */
async function addToFigure(page: Page, figure: string): Promise<void> {
  await page.waitForTimeout(500)
  await press(page, 'Export')
  await page.getByRole('menuitem', { name: 'Add to a figure' }).first().press('ArrowRight')
  await page.getByRole('menuitem', { name: figure }).press('Enter')
  await page.getByRole('status', { name: 'Saved' }).getByText('is added to').waitFor()
}

/** Puts the heads of the grid in an order. */
async function order(page: Page, option: string): Promise<void> {
  await press(page, /^Order: /)
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
  await page.waitForTimeout(500)
}

/** Chooses something of how maps look. */
async function look(page: Page, option: string): Promise<void> {
  await press(page, 'Look')
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
  await escape(page)
}

function escape(page: Page): Promise<void> {
  return page.keyboard.press('Escape')
}

async function zoomed(page: Page, times: number): Promise<void> {
  const map = page.getByRole('application').filter({ visible: true }).last()
  await map.focus()
  for (let i = 0; i < times; i++) await map.press('+')
}

/** A run that does not come to an end: what the workbench answers is held back. */
async function busy(page: Page): Promise<void> {
  await page.routeWebSocket(/./, socket => {
    const server = socket.connectToServer()
    server.onMessage(message => void setTimeout(() => socket.send(message), 3_000))
  })
  await page.reload()
  await page.getByRole('textbox', { name: 'Text' }).waitFor()
}
