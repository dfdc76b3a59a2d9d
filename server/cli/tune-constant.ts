import { registerHooks } from 'node:module'

/**
 * Loaded before a benchmark (`node --import`): gives one constant of the engine another value for this process.
 * `TUNE` is `path/from/server/forecast.ts:NAME=expression`.
 */
const wish = /^(?<file>[\w./-]+\.ts):(?<name>\w+)=(?<value>.+)$/.exec(process.env.TUNE ?? '')?.groups
if (wish === undefined) throw new Error('TUNE must be file.ts:NAME=value')
const { file = '', name = '', value = '' } = wish
const declaration = new RegExp(`^((?:export )?const ${name}\\b[^=\\n]*= )(.+?)( as const)?$`, 'm')

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/server/forecast/${file}`)) return loaded
    const source = String(loaded.source)
    if (!declaration.test(source)) throw new Error(`${file} declares no constant ${name} on one line.`)
    return { ...loaded, source: source.replace(declaration, `$1${value}$3`) }
  },
})
