/** Who may import whom; ARCHITECTURE.md says why. */
const own = path => `^src/${path}`
const steps = ['checkpoint', 'tokenizer', 'trace', 'session', 'engine', 'export']

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
      name: 'contract-knows-no-figure',
      severity: 'error',
      from: { path: own('common/(contract|model|text|data|analysis)/') },
      to: { path: own('common/figure/') }
    },
    {
      name: 'model-and-text-below-contract',
      severity: 'error',
      from: { path: own('common/(model|data|analysis)/') },
      to: { path: own('common/contract/') }
    },
    {
      name: 'steps-know-the-model-not-the-contract',
      severity: 'error',
      from: {
        path: own(`main/(${[...steps, 'architecture', 'graph', 'compute', 'threads'].join('|')})/`)
      },
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
    ...steps.map(step => ({
      name: `${step}-stands-alone`,
      severity: 'error',
      from: { path: own(`main/${step}/`) },
      to: { path: own(`main/(${steps.filter(s => s !== step).join('|')}|workbench|shell)/`) }
    })),
    {
      name: 'files-below-all-that-read-them',
      severity: 'error',
      from: { path: own('main/files/') },
      to: { path: own('main/(?!files/)') }
    },
    {
      name: 'threads-stand-alone',
      severity: 'error',
      from: { path: own('main/threads/') },
      to: { path: own('main/(?!threads)') }
    },
    {
      name: 'processes-know-no-work',
      severity: 'error',
      from: { path: own('main/process/') },
      to: { path: own('main/(?!process/)') }
    },
    {
      name: 'graph-below-architecture',
      severity: 'error',
      from: { path: own('main/graph/') },
      to: { path: own('main/(?!graph|onnx)') }
    },
    {
      name: 'architecture-imports-graph',
      severity: 'error',
      from: { path: own('main/architecture/') },
      to: { path: own('main/(?!graph|architecture|onnx)') }
    },
    {
      name: 'reader-below-workbench',
      severity: 'error',
      from: { path: own('main/reader/') },
      to: { path: own('main/(workbench|shell|engine|trace|compute|export)/') }
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
      name: 'workbench-below-shell',
      severity: 'error',
      from: { path: own('main/workbench/') },
      to: { path: own('main/shell/') }
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
