/** Who may import whom; ARCHITECTURE.md says why. */
const own = path => `^src/${path}`
/** Folders of `src/main`, and which of the others each may import. */
const main = {
  files: [],
  onnx: [],
  process: [],
  threads: [],
  checkpoint: ['files'],
  tokenizer: ['files'],
  graph: ['onnx'],
  architecture: ['graph', 'onnx'],
  engine: ['files', 'process'],
  reader: ['checkpoint', 'tokenizer', 'architecture', 'files', 'process'],
  trace: ['files', 'threads'],
  session: ['trace', 'export', 'files', 'threads'],
  compute: ['threads'],
  figure: ['files', 'threads'],
  export: ['files'],
  headvis: ['export', 'files', 'threads'],
  workbench: [
    ...['checkpoint', 'tokenizer', 'graph', 'architecture', 'engine', 'reader', 'trace', 'session'],
    ...['compute', 'figure', 'headvis', 'export', 'files', 'process', 'threads']
  ],
  shell: ['workbench', 'engine', 'export', 'headvis', 'figure', 'files', 'process']
}
/** The same of `src/common`. */
const common = {
  model: ['text'],
  data: ['model', 'text'],
  analysis: ['model', 'data', 'text'],
  text: ['model', 'data', 'analysis', 'contract'],
  contract: ['model', 'data', 'analysis', 'text'],
  figure: ['model', 'data', 'analysis', 'text', 'contract'],
  report: ['model', 'data', 'analysis', 'text', 'contract', 'figure']
}
const within = (root, folders) =>
  Object.entries(folders).map(([folder, others]) => ({
    name: `${root}-${folder}-imports-${others.join('-') || 'no-other'}`,
    severity: 'error',
    from: { path: own(`${root}/${folder}/`) },
    to: { path: own(`${root}/(?!(${[folder, ...others].join('|')})/)`) }
  }))

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'common-alone',
      severity: 'error',
      from: { path: own('common') },
      to: { path: own('(main|preload|renderer)') }
    },
    {
      name: 'renderer-imports-common',
      severity: 'error',
      from: { path: own('renderer') },
      to: { path: own('(main|preload)') }
    },
    {
      name: 'preload-imports-common',
      severity: 'error',
      from: { path: own('preload') },
      to: { path: own('(main|renderer)') }
    },
    {
      name: 'main-not-window',
      severity: 'error',
      from: { path: own('main') },
      to: { path: own('(renderer|preload)') }
    },
    {
      name: 'steps-know-the-model-not-the-contract',
      severity: 'error',
      from: { path: own('main/(?!(reader|workbench|shell)/)') },
      to: { path: own('common/contract/') }
    },
    {
      name: 'stores-know-no-ui',
      severity: 'error',
      from: { path: own('renderer/src/(stores|reactive)/') },
      to: { path: own('renderer/src/(ui|window|views)/') }
    },
    {
      name: 'ui-knows-no-view',
      severity: 'error',
      from: { path: own('renderer/src/ui/') },
      to: { path: own('renderer/src/(window|views)/') }
    },
    {
      name: 'views-know-no-window',
      severity: 'error',
      from: { path: own('renderer/src/views/') },
      to: { path: own('renderer/src/window/') }
    },
    ...within('main', main),
    ...within('common', common),
    {
      name: 'every-folder-is-named-above',
      severity: 'error',
      from: {},
      to: {
        path: [
          own(`main/(?!(${Object.keys(main).join('|')})/)[^/]+/`),
          own(`common/(?!(${Object.keys(common).join('|')})/)[^/]+/`)
        ]
      }
    },
    {
      name: 'strangers-bytes-are-parsed-in-the-reader',
      severity: 'error',
      from: { path: own('main/workbench/') },
      to: {
        path: [
          own('main/tokenizer/'),
          own('main/reader/(process|read-model|onnx-reading|character-tokenizer)'),
          own('main/architecture/(onnx/(onnx-transformer|parse)|describe/infer)'),
          own('main/checkpoint/(find-weights|shards|safetensors|torch-|pickle|onnx-)')
        ],
        dependencyTypesNot: ['type-only']
      }
    },
    {
      name: 'views-stand-alone',
      severity: 'error',
      from: { path: own('renderer/src/views/([^/]+)/') },
      to: { path: own('renderer/src/views/([^/]+)/'), pathNot: own('renderer/src/views/$1/') }
    },
    {
      name: 'electron-in-desktop',
      severity: 'error',
      from: { pathNot: own('(main/shell/desktop|preload/)') },
      to: { path: 'node_modules/electron/' }
    },
    {
      // What Electron's main process waits for, every window waits for.
      name: 'desktop-main-does-no-work',
      severity: 'error',
      from: { path: own('main/shell/desktop\\.ts$') },
      to: {
        path: [
          own('main/(?!shell/|engine/|process/)'),
          own('main/engine/(client|process|exchange)'),
          own('main/process/(calls|answers)'),
          'node_modules/better-sqlite3/'
        ],
        reachable: true
      }
    },
    {
      name: 'onnxruntime-in-engine',
      severity: 'error',
      from: { pathNot: own('main/engine/') },
      to: { path: 'node_modules/onnxruntime-(node|common)/' }
    },
    {
      name: 'sqlite-in-trace-and-session',
      severity: 'error',
      from: { pathNot: own('main/(trace|session)/') },
      to: { path: 'node_modules/better-sqlite3/' }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'src/main/tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.vue', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types']
    }
  }
}
