import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { Pool } from 'pg'

/** Catalogue type `"char"`, which the adapter refuses, and `text`, which is sent alike. */
const charOid = 18
const textOid = 25

type Result = { fields?: { dataTypeID: number }[]; rows?: unknown[] }

/**
 * A pool that outlives its connections: a server that ends one while it closes (its database is dropped, or the server stops)
 * would otherwise end this process. A query under way is refused all the same.
 */
function calmPool(options: { connectionString: string; max?: number }): Pool {
  const pool = new Pool(options)
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', () => undefined)
  return pool
}

/**
 * A pool whose results call the type `"char"` text, so that the adapter lets them pass; `charColumns` remembers
 * which columns of which rows they were, because the engine wants them as characters.
 */
function cataloguePool(connectionString: string) {
  const pool = calmPool({ connectionString })
  const charColumns = new WeakMap<object, Set<number>>()
  const query: (...args: unknown[]) => Promise<Result | Result[]> = pool.query.bind(pool)
  const patched = async (...args: unknown[]) => {
    const result = await query(...args)
    for (const { fields, rows } of [result].flat()) {
      const columns = new Set<number>()
      fields?.forEach((field, column) => {
        if (field.dataTypeID !== charOid) return
        field.dataTypeID = textOid
        columns.add(column)
      })
      if (rows && columns.size > 0) charColumns.set(rows, columns)
    }
    return result
  }
  return { pool: Object.assign(pool, { query: patched }), charColumns }
}

/** The official adapter, but a script runs whole: the stock one splits it at every `;`, functions included. */
async function connect(
  connectionString: string,
  afterClose?: () => Promise<void>,
): Promise<SqlDriverAdapter> {
  const { pool, charColumns } = cataloguePool(connectionString)
  const adapter = await new PrismaPg(pool).connect()
  const queryRaw = adapter.queryRaw.bind(adapter)
  let closing: Promise<void> | undefined
  const close = async () => {
    await pool.end()
    await afterClose?.()
  }
  return Object.assign(adapter, {
    queryRaw: async (query: SqlQuery) => {
      const result = await queryRaw(query)
      const columns = charColumns.get(result.rows)
      const columnTypes = result.columnTypes.map((type, index) =>
        columns?.has(index) ? ColumnTypeEnum.Character : type,
      )
      return { ...result, columnTypes }
    },
    executeScript: async (script: string) => {
      await adapter.executeRaw({ sql: script, args: [], argTypes: [] })
    },
    dispose: () => {
      closing ??= close()
      return closing
    },
  })
}

/** Replaces the database in a connection string. */
export function withDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${database}`
  return url.href
}

/** Runs `work` in a database of its own, which is dropped afterwards. The user of the address must hold CREATEDB. */
export async function createScratchDatabase(
  connectionString: string,
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `infrasage_scratch_${randomUUID().replaceAll('-', '')}`
  const admin = calmPool({ connectionString, max: 1 })
  try {
    await admin.query(`CREATE DATABASE ${name}`)
  } catch (error) {
    await admin.end()
    throw new Error('A scratch database could not be created; the role of the address needs CREATEDB.', {
      cause: error,
    })
  }
  const drop = async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  }
  return { url: withDatabase(connectionString, name), drop }
}

function reportPanic(message: string): void {
  process.stderr.write(`The schema engine failed: ${message}\n`)
}

/** The engine's timers do not hold the process: it keeps one of 10 s for its advisory lock after all is done. */
function imports(): Record<string, WebAssembly.ImportValue> {
  const entries = Object.entries(bindings).map(([name, value]) =>
    name.startsWith('__wbg_setTimeout_')
      ? [name, (callback: () => void, ms: number) => setTimeout(callback, ms).unref()]
      : [name, value],
  )
  return Object.fromEntries(entries)
}

let loaded: Promise<void> | undefined

/** Instantiates the WebAssembly once; Node can import it too, but warns that this is experimental. */
function load(): Promise<void> {
  loaded ??= (async () => {
    // Where the engine leaves its last words before it traps.
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: reportPanic } })
    const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    const bytes = await readFile(path.join(path.dirname(script), 'schema_engine_bg.wasm'))
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': imports() })
    bindings.__wbg_set_wasm(instance.exports)
    const start = instance.exports.__wbindgen_start
    if (typeof start !== 'function')
      throw new Error('The schema engine has no entry point; is its version right?')
    start()
  })()
  return loaded
}

/**
 * Prisma's schema engine on a database, as WebAssembly: the same that the native one is compiled from, and it
 * records in `_prisma_migrations` as that does. It leaves its connections open, so they are closed here.
 */
export async function withSchemaEngine<T>(
  connectionString: string,
  schema: [file: string, content: string][],
  work: (engine: bindings.SchemaEngine) => Promise<T>,
): Promise<T> {
  await load()
  const opened: SqlDriverAdapter[] = []
  const remember = (adapter: SqlDriverAdapter) => {
    opened.push(adapter)
    return adapter
  }
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => remember(await connect(connectionString)),
    connectToShadowDb: async () => {
      const shadow = await createScratchDatabase(connectionString)
      return remember(await connect(shadow.url, shadow.drop))
    },
  }
  const bound = bindMigrationAwareSqlAdapterFactory(factory)
  const engine = await bindings.SchemaEngine.new({ datamodels: schema }, () => undefined, bound)
  try {
    return await work(engine)
  } finally {
    engine.free()
    for (const adapter of opened) await adapter.dispose()
  }
}
