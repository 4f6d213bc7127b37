/** A cell of a Jupyter notebook. */
export type NotebookCell = ReturnType<typeof markdownCell> | ReturnType<typeof codeCell>

/**
 * A cell that is read.
 * @param id of letters, digits, - and _, unlike all others of its notebook
 */
export function markdownCell(id: string, source: string) {
  return { cell_type: 'markdown', id, metadata: {}, source } as const
}

/** A cell that is run, once its reader asks for that. @param isHidden its source is folded away */
export function codeCell(id: string, source: string, isHidden = false) {
  const metadata = isHidden ? { jupyter: { source_hidden: true } } : {}
  return { cell_type: 'code', id, metadata, execution_count: null, outputs: [], source } as const
}

const metadata = {
  kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
  language_info: { name: 'python' }
}

/** Cells as a Jupyter notebook. @source the Jupyter notebook format 4.5 */
export function notebookFile(cells: readonly NotebookCell[]): string {
  return `${JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }, null, 1)}\n`
}
