import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import {
  SessionFigure,
  sessionFigures,
  type FigurePanel
} from '#common/figure/panels/session-figure.ts'
import { presetFont, presets, type FigurePreset, type PresetName } from '#common/figure/presets.ts'
import { firstLetters } from '#common/text/cut-short.ts'
import { useSession } from './session.ts'

/** The figures of the session: panels that were taken from views, placed on a page. */
export const useFigures = defineStore('figures', () => {
  const session = useSession()
  const all = computed(() => sessionFigures(session.figures))
  /** The one whose name is typed where it is listed, by its id. */
  const naming = ref<string | null>(null)

  function find(id: string): SessionFigure | undefined {
    return all.value.find(figure => figure.id === id)
  }

  /** Makes an empty figure. @param version of Lamella @returns its id */
  function add(version: string): string {
    const figure: SessionFigure = {
      ...{ kind: 'panels', id: crypto.randomUUID(), name: freeName('Figure'), at: Date.now() },
      ...{ version, preset: 'screen', widthMm: 160, points: null, font: 'sans' },
      ...{ background: 'paper', columns: 2, lettering: '(a)', oneScale: false, panels: [] }
    }
    session.figures = [...session.figures, figure]
    return figure.id
  }

  /** The first of `Figure 1`, `Figure 2` and so on that no figure is called. */
  function freeName(stem: string): string {
    const names = new Set(all.value.map(({ name }) => name))
    for (let number = 1; ; number++) if (!names.has(`${stem} ${number}`)) return `${stem} ${number}`
  }

  function change(id: string, part: Partial<Omit<SessionFigure, 'id' | 'kind'>>): void {
    const own = find(id)
    if (own) put(id, { ...own, ...part })
  }

  /** What another version made stays as it is. */
  function put(id: string, next: SessionFigure | null): void {
    session.figures = session.figures.flatMap(kept => {
      if (SessionFigure.safeParse(kept).data?.id !== id) return [kept]
      return next === null ? [] : [next]
    })
  }

  /** The command line asks for figures by name: one that another has gets a number. */
  function rename(id: string, wanted: string): void {
    const name = firstLetters(wanted.trim(), 190)
    if (name === '' || name === find(id)?.name) return
    const isTaken = all.value.some(figure => figure.id !== id && figure.name === name)
    change(id, { name: isTaken ? freeName(name) : name })
  }

  const remove = (id: string) => put(id, null)

  /** Takes the widest that a preset has. */
  function setPreset(id: string, preset: PresetName): void {
    const { widths }: FigurePreset = presets[preset]
    const widest = widths.at(-1)
    const own = find(id)
    if (own === undefined) return
    const font = presetFont(preset, own)
    change(id, { preset, points: null, font, ...(widest && { widthMm: widest.mm }) })
  }

  function changePanel(id: string, panel: string, part: Partial<FigurePanel>): void {
    const panels = find(id)?.panels.map(own => (own.id === panel ? { ...own, ...part } : own))
    if (panels) change(id, { panels })
  }

  /** Removes a panel, and columns of the page that no other fills: they would stay blank. */
  function removePanel(id: string, panel: string): void {
    const figure = find(id)
    const panels = figure?.panels.filter(own => own.id !== panel)
    if (!panels) return
    const filled = Math.ceil(panels.reduce((sum, { columns }) => sum + columns, 0))
    const columns = panels.length === 0 ? figure!.columns : Math.min(figure!.columns, filled)
    change(id, { panels, columns })
  }

  /** Moves the panel at one place to another. */
  function movePanel(id: string, from: number, to: number): void {
    const panels = [...(find(id)?.panels ?? [])]
    if (to < 0 || to >= panels.length) return
    const moved = panels.splice(from, 1)
    change(id, { panels: panels.toSpliced(to, 0, ...moved) })
  }

  return {
    all,
    naming,
    find,
    add,
    change,
    rename,
    remove,
    setPreset,
    changePanel,
    removePanel,
    movePanel
  }
})
