import { stringify } from 'yaml'
import type { Context } from '../../kernel/context.ts'
import { type Current, readCurrent } from './current.ts'

/** Leaves out what a file that leaves it out means as well. */
function brief(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(brief)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, it]) => it !== null && usual[key] !== it && !isEmptyMap(it) && !isEmptyProfile(key, it))
      .map(([key, it]) => [key, brief(it)]),
  )
}

/** What is meant where nothing is said. */
const usual: Record<string, unknown> = { sandbox: false, kind: 'instances' }

const isEmptyProfile = (key: string, value: unknown) =>
  key.includes('Profile') && Array.isArray(value) && value.length === 0

const isEmptyMap = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0

/** A declaration as a file that `apply` takes, always the same for the same declaration. No credentials. */
export function toYaml({ declaration, connections }: Pick<Current, 'declaration' | 'connections'>): string {
  const used = [...new Set(declaration.targets.map(({ connection }) => connection))].sort()
  const needed = used.map((name) => `#   ${name} (${connections.get(name)?.adapter})\n`).join('')
  const head = needed
    ? `# Connections hold credentials and are in no file. Add these under Targets first:\n${needed}`
    : ''
  const pools = declaration.pools.map(({ control, priority, ...pool }) => ({
    ...pool,
    control: control === 'replicas' ? null : control,
    priority: priority === 0 ? null : priority,
  }))
  return head + stringify(brief({ ...declaration, pools }), { lineWidth: 0 })
}

/** Everything declared, as YAML. */
export async function exportDeclaration({ ctx }: { ctx: Context }): Promise<string> {
  return toYaml(await readCurrent(ctx))
}
