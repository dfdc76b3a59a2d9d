import pg from 'pg'

/** A step of a plan as `auto_explain` tells it. Rows and times are means of its loops. */
type Step = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Step[]
}
type Explained = { ms: number; text: string; plan: Step }

const settings = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_level': 'notice',
}

let heard: Explained[] = []

/** From now on each new connection of the application hears how its statements were carried out. For checks outside vitest. */
export async function explainTo(superuser: pg.Client): Promise<void> {
  await superuser.query(`LOAD 'auto_explain'`)
  for (const [name, value] of Object.entries(settings))
    await superuser.query(`ALTER ROLE infrasage_app SET ${name} = '${value}'`)
  const { query } = pg.Client.prototype
  const listening = new WeakSet<pg.Client>()
  pg.Client.prototype.query = new Proxy(query, {
    apply: (target, client: pg.Client, args) => {
      if (!listening.has(client)) client.on('notice', ({ message }) => hear(message ?? ''))
      listening.add(client)
      return Reflect.apply(target, client, args)
    },
  })
}

function hear(message: string): void {
  const [, ms, json] = /^duration: ([\d.]+) ms\s+plan:\s*(\{.*)$/s.exec(message) ?? []
  if (json === undefined) return
  const { 'Query Text': text, Plan: plan } = JSON.parse(json)
  heard.push({ ms: Number(ms), text, plan })
}

/** What was heard until now is forgotten. */
export function hearPlans(): void {
  heard = []
}

const stepsOf = (step: Step): Step[] => [step, ...(step.Plans ?? []).flatMap(stepsOf)]

const rowsSeen = (step: Step) =>
  Math.round((step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0)) * step['Actual Loops'])

/** Prints what was heard, statement by statement, with the table that each looked at most of. Gives those that look at more than `most` rows of one. */
export function report(verb: string, most: number): string[] {
  console.log(`| ${verb} | ms | blocks | most rows of one table |\n|---|---|---|---|`)
  const findings = heard.flatMap(({ ms, text, plan }) => {
    const tables = stepsOf(plan).filter((step) => step['Relation Name'] !== undefined)
    const widest = tables.toSorted((a, b) => rowsSeen(b) - rowsSeen(a))[0]
    const rows = widest === undefined ? 0 : rowsSeen(widest)
    const by =
      widest === undefined
        ? ''
        : `${widest['Node Type']} of ${widest['Index Name'] ?? widest['Relation Name']}`
    const blocks = plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
    const name = text.replaceAll(/\s+/g, ' ').trim().slice(0, 60)
    console.log(`| ${name} | ${ms.toFixed(1)} | ${blocks} | ${rows} by ${by} |`)
    return rows > most ? [`${rows} rows by ${by} to ${verb}: ${name}`] : []
  })
  const ms = heard.reduce((sum, one) => sum + one.ms, 0)
  const blocks = heard.reduce(
    (sum, { plan }) => sum + plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    0,
  )
  console.log(`| all ${heard.length} | ${ms.toFixed(1)} | ${blocks} | |\n`)
  hearPlans()
  return findings
}
