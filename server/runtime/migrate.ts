import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { schemaGap } from '../kernel/migrations.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { applyMigrations, checkMigrations, createMigration } from './migrator.ts'
import { untilMigrated } from './until-migrated.ts'

const usage = `Usage: node server/runtime/migrate.ts <command>

  apply          apply what is outstanding to DATABASE_OWNER_URL, or DATABASE_URL
  wait           wait until DATABASE_URL has every migration of this version, at most 10 minutes
  create <name>  write the migration that leads to prisma/*.prisma, empty when nothing changed
  check          fail unless the migrations and prisma/*.prisma agree

create and check work in scratch databases, of an embedded server when no address is set.
`

/** Runs `work` on the database of the environment, or on an embedded server that lives only so long. */
async function withServer<T>(work: (ownerUrl: string) => Promise<T>): Promise<T> {
  const url = process.env.DATABASE_OWNER_URL ?? process.env.DATABASE_URL
  if (url) return work(url)
  const dataDir = mkdtempSync(path.join(tmpdir(), 'infrasage-migrate-'))
  try {
    const server = await startEmbeddedPostgres({ dataDir, durable: false })
    try {
      return await work(server.ownerUrl)
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function run(command: string | undefined, name: string | undefined): Promise<number> {
  if (command === 'apply') {
    const appUrl = process.env.DATABASE_URL
    const ownerUrl = process.env.DATABASE_OWNER_URL ?? appUrl
    if (!ownerUrl) {
      process.stderr.write('Set DATABASE_URL. The embedded database is migrated by `npm start`.\n')
      return 1
    }
    const applied = await applyMigrations(ownerUrl, { appUrl })
    process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'Nothing to apply.\n')
    const { newer } = await schemaGap(ownerUrl)
    if (newer.length > 0) {
      process.stdout.write(
        `The database is ahead of this version: it has ${newer.join(', ')} of a newer one. Nothing is taken back; the version before a newer one works on it.\n`,
      )
    }
    return 0
  }
  if (command === 'wait') {
    const url = process.env.DATABASE_URL
    if (!url) throw new Error('Set DATABASE_URL to the database to wait for.')
    await untilMigrated(url, (text) => process.stdout.write(`${text}\n`))
    return 0
  }
  if (command === 'create' && name !== undefined) {
    const file = await withServer((ownerUrl) => createMigration(ownerUrl, name))
    process.stdout.write(`Wrote ${path.relative(process.cwd(), file)}. Read it before you keep it.\n`)
    return 0
  }
  if (command === 'check') {
    const difference = await withServer((ownerUrl) => checkMigrations(ownerUrl))
    if (difference === null) {
      process.stdout.write('The migrations and prisma/*.prisma agree.\n')
      return 0
    }
    process.stderr.write(
      `prisma/*.prisma need more than the migrations make; run \`npm run db:create -- <name>\`:\n${difference}\n`,
    )
    return 1
  }
  process.stderr.write(usage)
  return 2
}

const [command, name] = process.argv.slice(2)
try {
  process.exitCode = await run(command, name)
} catch (error) {
  for (let at: unknown = error; at instanceof Error; at = at.cause) process.stderr.write(`${at.message}\n`)
  process.exitCode = 1
}
